import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { RunView } from '../../../src-shared/views/run.ts';
import { openPalette } from '../../app/open-palette.ts';
import { LinkButton } from '../../ui/banner.tsx';
import { percent } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Progress } from '../../ui/meter.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { STATUSES, type Status } from '../../ui/status.ts';
import { Time } from '../../ui/time.tsx';

/** Finished runs that are still listed. */
const LATELY = 6;

const GLYPHS: Record<RunView['state'], Status> = {
  routing: 'queued',
  queued: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

function Row({ run, station }: { run: RunView; station: StationView | undefined }): ReactNode {
  const done = run.progress?.percent;
  const status = GLYPHS[run.state];
  return (
    <li>
      <Link
        to="/agents/$agentName"
        params={{ agentName: run.agent }}
        search={{ run: true }}
        className="flex h-row-two items-start gap-10 border-b border-hairline px-16 pt-7 -outline-offset-2 transition-colors duration-80 hover:bg-hover"
      >
        <Glyph status={status} percent={done} label={STATUSES[status].word} size={14} className="mt-3" />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-8">
            <span
              className="min-w-0 flex-1 truncate text-body leading-18 font-medium text-1"
              title={run.task}
            >
              {run.task}
            </span>
            <span className="text-small text-3">
              <Time at={run.ended_at ?? run.started_at} as={run.ended_at === undefined ? 'age' : 'moment'} />
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
              {run.ended_at === undefined && station?.status === 'late' && (
                <span className="text-late"> · late</span>
              )}
              {run.state === 'failed' && (
                <span className="text-fail"> · {run.error?.message ?? 'failed'}</span>
              )}
            </span>
            {run.state === 'running' && done !== undefined && (
              <>
                <Progress label={run.task} percent={done} className="w-56" />
                <span className="figures w-32 text-right text-3">{percent(done / 100)}</span>
              </>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}

function Section(props: {
  title: string;
  runs: readonly RunView[];
  stations: ReadonlyMap<string, StationView>;
}): ReactNode {
  return (
    <section aria-label={props.title}>
      <RegionHead title={props.title} meta={props.runs.length} />
      <ul>
        {props.runs.map((run) => (
          <Row key={run.id} run={run} station={props.stations.get(run.station_id ?? '')} />
        ))}
      </ul>
    </section>
  );
}

export interface RunningPanelProps {
  /** Oldest first. */
  runs: readonly RunView[];
  stations: ReadonlyMap<string, StationView>;
}

/** What this window runs, waits for and finished lately. */
export function RunningPanel({ runs, stations }: RunningPanelProps): ReactNode {
  const newest = [...runs].reverse();
  const running = newest.filter((run) => run.state === 'running');
  const waiting = newest.filter((run) => run.state === 'queued' || run.state === 'routing');
  const finished = newest.filter((run) => run.ended_at !== undefined).slice(0, LATELY);
  return (
    <aside
      aria-label="Runs"
      className="flex w-360 shrink-0 flex-col overflow-y-auto border-l border-hairline max-wide:w-304"
    >
      <Section title="Running now" runs={running} stations={stations} />
      {running.length === 0 && (
        <p className="border-b border-hairline px-16 py-12 text-body text-2">
          Nothing runs from this window.{' '}
          <LinkButton onClick={() => openPalette('@')}>Run an agent</LinkButton>
        </p>
      )}
      {waiting.length > 0 && <Section title="Waiting" runs={waiting} stations={stations} />}
      {finished.length > 0 && <Section title="Finished lately" runs={finished} stations={stations} />}
    </aside>
  );
}
