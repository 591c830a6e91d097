import { CircleDollarSign, Flame, Grip, ListOrdered, RefreshCw, Scale, Timer } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Strategy, strategies } from '../../../../src-shared/routing/plan.ts';
import { STRATEGY_MEANINGS, STRATEGY_NAMES } from '../../../../src-shared/routing-editor/strategy-words.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon, type IconType } from '../../../ui/icon.tsx';
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

/** The seven strategies; the one in use is marked. */
export function StrategyBar(props: {
  value: Strategy | undefined;
  onChange(strategy: Strategy): void;
}): ReactNode {
  return (
    <div
      role="group"
      aria-label="Strategy"
      className="flex flex-wrap items-center rounded-control border border-border bg-segment p-1"
    >
      {strategies.map((strategy) => (
        <Tip key={strategy} text={STRATEGY_MEANINGS[strategy]}>
          <button
            type="button"
            aria-pressed={strategy === props.value}
            onClick={() => strategy !== props.value && props.onChange(strategy)}
            className={cx(
              'inline-flex h-24 items-center gap-6 rounded-badge px-8 text-body font-medium whitespace-nowrap transition-colors duration-120',
              strategy === props.value ? 'bg-segment-on text-1 ring-1 ring-border' : 'text-2 hover:text-1',
            )}
          >
            <Icon icon={ICONS[strategy]} />
            {STRATEGY_NAMES[strategy]}
          </button>
        </Tip>
      ))}
    </div>
  );
}
