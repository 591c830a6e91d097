import {
  ChevronDown,
  CircleDollarSign,
  Flame,
  Grip,
  ListOrdered,
  RefreshCw,
  Scale,
  Timer,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Strategy } from '../../../../src-shared/routing/plan.ts';
import { STRATEGY_MEANINGS, STRATEGY_NAMES } from '../../../../src-shared/routing-editor/strategy-words.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon, type IconType } from '../../../ui/icon.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { Tip } from '../../../ui/tooltip.tsx';

const ICONS: Record<Strategy, IconType> = {
  fallback: ListOrdered,
  pattern: Grip,
  weighted: Scale,
  round_robin: RefreshCw,
  burst: Flame,
  least_cost: CircleDollarSign,
  lowest_latency: Timer,
};

const SHOWN = ['fallback', 'pattern', 'weighted', 'round_robin', 'burst'] as const;
const MORE = ['least_cost', 'lowest_latency'] as const;

const FACE =
  'inline-flex h-24 items-center gap-6 rounded-badge px-8 text-body font-medium whitespace-nowrap transition-colors duration-120';
const ON = 'bg-segment-on text-1 ring-1 ring-border';

/** The seven strategies; the one in use is marked. */
export function StrategyBar(props: {
  value: Strategy | undefined;
  onChange(strategy: Strategy): void;
}): ReactNode {
  const { value, onChange } = props;
  const other = MORE.find((strategy) => strategy === value);
  return (
    <fieldset
      aria-label="Strategy"
      className="flex min-h-28 flex-wrap items-center rounded-control border border-border bg-segment p-1"
    >
      {SHOWN.map((strategy) => (
        <Tip key={strategy} text={STRATEGY_MEANINGS[strategy]}>
          <button
            type="button"
            aria-pressed={strategy === value}
            onClick={() => strategy !== value && onChange(strategy)}
            className={cx(FACE, strategy === value ? ON : 'text-2 hover:text-1')}
          >
            <Icon icon={ICONS[strategy]} />
            {STRATEGY_NAMES[strategy]}
          </button>
        </Tip>
      ))}
      <Menu
        trigger={
          <button
            type="button"
            className={cx(FACE, 'ml-auto', other === undefined ? 'text-2 hover:text-1' : ON)}
          >
            {other !== undefined && <Icon icon={ICONS[other]} />}
            {other === undefined ? 'More' : STRATEGY_NAMES[other]}
            <Icon icon={ChevronDown} size={12} />
          </button>
        }
        groups={[
          MORE.map((strategy) => ({
            id: strategy,
            label: STRATEGY_NAMES[strategy],
            icon: ICONS[strategy],
            run: () => strategy !== value && onChange(strategy),
          })),
        ]}
      />
    </fieldset>
  );
}
