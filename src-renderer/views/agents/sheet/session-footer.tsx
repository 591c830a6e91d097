import type { ReactNode } from 'react';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { LinkButton } from '../../../ui/banner.tsx';
import { cx } from '../../../ui/cx.ts';
import { clock } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { STATUSES } from '../../../ui/status.ts';
import { Tip } from '../../../ui/tooltip.tsx';
import { RUN_STATUS } from '../logic/run-facts.ts';

/** Runs that find room in the footer. */
const SHOWN = 4;

export interface SessionFooterProps {
  /** The runs of this agent, oldest first. */
  runs: readonly RunView[];
  shown: string | undefined;
  onShow(id: string): void;
  onAllRuns(): void;
}

/** The last runs of this agent since the app started. */
export function SessionFooter({ runs, shown, onShow, onAllRuns }: SessionFooterProps): ReactNode {
  const newest = [...runs].reverse().slice(0, SHOWN);
  return (
    <footer className="flex h-40 shrink-0 items-center gap-4 border-t border-hairline pr-16 pl-20">
      <span className="mr-4 text-small text-3">
        {runs.length === 0 ? 'No runs in this session' : 'This session'}
      </span>
      {newest.map((run) => {
        const { word } = STATUSES[RUN_STATUS[run.state]];
        return (
          <Tip key={run.id} text={run.task}>
            <button
              type="button"
              aria-label={`${word}, started ${clock(run.started_at, true)}: ${run.task.slice(0, 80)}`}
              aria-current={run.id === shown || undefined}
              onClick={() => onShow(run.id)}
              className={cx(
                'inline-flex h-24 items-center gap-6 rounded-control px-6 text-small',
                run.id === shown ? 'bg-selected text-1' : 'text-2 hover:bg-hover',
              )}
            >
              <Glyph status={RUN_STATUS[run.state]} percent={run.progress?.percent} size={12} />
              <span className="figures">{clock(run.started_at)}</span>
            </button>
          </Tip>
        );
      })}
      <span className="ml-auto">
        <LinkButton onClick={onAllRuns}>All runs</LinkButton>
      </span>
    </footer>
  );
}
