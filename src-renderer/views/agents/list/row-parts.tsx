import { ChevronDown, ChevronRight, Play } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { duration } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Time } from '../../../ui/time.tsx';
import type { RunFacts } from '../logic/run-facts.ts';
import { WIDE_ONLY } from './columns.ts';

/** The keys of the list stay at work after a click on something inside a row. */
function focusList(event: MouseEvent<HTMLElement>): void {
  event.currentTarget.closest<HTMLElement>('[role="grid"]')?.focus();
}

/** The name in a row; a click anywhere on the row is a click on it. */
export function RowName(props: { children: ReactNode; strong?: boolean; onOpen(): void }): ReactNode {
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={(event) => {
        focusList(event);
        props.onOpen();
      }}
      className={cx(
        'truncate text-body text-1 after:absolute after:inset-0',
        props.strong ? 'font-semibold' : 'font-medium',
      )}
    >
      {props.children}
    </button>
  );
}

/** Opens and closes the rows below a row. */
export function FoldButton(props: { name: string; folded: boolean; onToggle(): void }): ReactNode {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`${props.folded ? 'Unfold' : 'Fold'} ${props.name}`}
      aria-expanded={!props.folded}
      onClick={(event) => {
        focusList(event);
        props.onToggle();
      }}
      className="relative z-1 -ml-2 inline-flex size-20 shrink-0 items-center justify-center rounded-control text-2 hover:bg-hover hover:text-1"
    >
      <Icon icon={props.folded ? ChevronRight : ChevronDown} size={14} />
    </button>
  );
}

export interface FigureCellsProps {
  runner: string | undefined;
  slots: { busy: number; capacity: number } | undefined;
  facts: RunFacts | undefined;
  /** Without it the row has no run button. */
  run?: { label: string; selected: boolean; onRun(): void } | undefined;
}

/** The cells at the right of the name; on hover and focus the run button takes the place of the last one. */
export function FigureCells({ runner, slots, facts, run }: FigureCellsProps): ReactNode {
  return (
    <>
      <span className={cx('truncate text-body text-2', WIDE_ONLY)}>{runner}</span>
      <span className="figures text-body text-2">
        {slots !== undefined && `${slots.busy} of ${slots.capacity}`}
      </span>
      <span className={cx('figures text-body text-2', WIDE_ONLY)}>
        {facts?.medianMs !== undefined && duration(facts.medianMs)}
      </span>
      <span className="relative flex h-full items-center text-body">
        <span
          className={cx(
            'text-3',
            run !== undefined && 'group-hover/agent:invisible',
            run?.selected && 'group-focus-visible/list:invisible',
          )}
        >
          {facts?.last !== undefined &&
            (facts.last.ended_at === undefined ? 'now' : <Time at={facts.last.ended_at} />)}
        </span>
        {run !== undefined && (
          <Button
            size="small"
            icon={Play}
            tabIndex={-1}
            aria-label={run.label}
            onClick={(event) => {
              focusList(event);
              run.onRun();
            }}
            className={cx(
              'absolute z-1 opacity-0 group-hover/agent:opacity-100',
              run.selected && 'group-focus-visible/list:opacity-100',
            )}
          >
            Run
          </Button>
        )}
      </span>
    </>
  );
}
