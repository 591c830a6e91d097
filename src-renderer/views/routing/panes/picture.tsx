import type { ReactNode } from 'react';
import type { RoutingPlan } from '../../../../src-shared/routing/plan.ts';
import { Bars } from '../pictures/bars.tsx';
import { Burst } from '../pictures/burst.tsx';
import { Chain } from '../pictures/chain.tsx';
import type { PictureProps } from '../pictures/picture-props.ts';
import { Ranking } from '../pictures/ranking.tsx';
import { Ring } from '../pictures/ring.tsx';
import { Strip } from '../pictures/strip.tsx';

/** The picture of a strategy, which is also its editor. */
export function Picture({ plan, ...props }: PictureProps<RoutingPlan>): ReactNode {
  switch (plan.strategy) {
    case 'fallback':
      return <Chain {...props} plan={plan} />;
    case 'pattern':
      return <Strip {...props} plan={plan} />;
    case 'weighted':
      return <Bars {...props} plan={plan} />;
    case 'round_robin':
      return <Ring {...props} plan={plan} />;
    case 'burst':
      return <Burst {...props} plan={plan} />;
    case 'least_cost':
    case 'lowest_latency':
      return <Ranking {...props} plan={plan} />;
    default:
      return plan satisfies never;
  }
}
