import { History } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { percent, plural } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Progress } from '../../../ui/meter.tsx';
import { useRowHeights } from '../../../ui/row-heights.ts';
import { Sheet } from '../../../ui/sheet.tsx';
import { Empty } from '../../../ui/states.tsx';
import { STATUSES } from '../../../ui/status.ts';
import { Elapsed, Time } from '../../../ui/time.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { isOpen, RUN_STATUS } from '../logic/run-facts.ts';

const keyOf = (run: RunView) => run.id;

function Row({ run, onOpen }: { run: RunView; onOpen(): void }): ReactNode {
  const status = RUN_STATUS[run.state];
  const done = run.state === 'running' ? run.progress?.percent : undefined;
  return (
    <div className="flex h-full items-start gap-10 px-20 pt-7">
      <Glyph status={status} percent={done} label={STATUSES[status].word} size={14} className="mt-3" />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-8">
          <button
            type="button"
            tabIndex={-1}
            onClick={onOpen}
            className="min-w-0 flex-1 truncate text-left text-body leading-18 font-medium text-1 after:absolute after:inset-0"
          >
            {run.task}
          </button>
          <span className="text-small text-3">
            <Time at={run.started_at} as="moment" />
          </span>
        </span>
        <span className="flex h-18 items-center gap-8 text-small text-2">
          <span className="min-w-0 flex-1 truncate">
            {run.agent}
            {run.station_name !== undefined && (
              <>
                {' '}
                <span className="text-3">on</span> {run.station_name}
              </>
            )}
            {run.state === 'failed' && run.error !== undefined && (
              <span className="text-fail"> · {run.error.message}</span>
            )}
          </span>
          {done !== undefined && (
            <>
              <Progress label={run.task} percent={done} className="w-56" />
              <span className="figures text-3">{percent(done / 100)}</span>
            </>
          )}
          <span className="text-3">
            <Elapsed from={run.started_at} until={run.ended_at} />
          </span>
        </span>
      </span>
    </div>
  );
}

export interface RunsSheetProps {
  /** Oldest first. */
  runs: readonly RunView[];
  onOpen(run: RunView): void;
  onClose(): void;
}

/** Every run of this window since it started, newest first. */
export function RunsSheet({ runs, onOpen, onClose }: RunsSheetProps): ReactNode {
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const { two } = useRowHeights();
  const height = useMemo(() => () => two, [two]);
  const newest = useMemo(() => [...runs].reverse(), [runs]);
  const open = runs.filter(isOpen).length;
  return (
    <Sheet open onClose={onClose} title="All runs">
      {runs.length === 0 ? (
        <Empty
          icon={History}
          title="No runs in this session"
          text="What you run from this window stays here until the app quits."
        />
      ) : (
        <>
          <p className="shrink-0 border-b border-hairline px-20 py-8 text-small text-3">
            {plural(runs.length, 'run')} since the app started{open > 0 && `, ${open} without an outcome yet`}
          </p>
          <VirtualList
            label="All runs"
            items={newest}
            itemKey={keyOf}
            itemHeight={height}
            render={(run) => <Row run={run} onOpen={() => onOpen(run)} />}
            selected={selected}
            onSelect={setSelected}
            onOpen={(id) => {
              const run = runs.find((each) => each.id === id);
              if (run !== undefined) onOpen(run);
            }}
          />
        </>
      )}
    </Sheet>
  );
}
