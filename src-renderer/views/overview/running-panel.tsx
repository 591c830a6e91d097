import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { RunView } from '../../../src-shared/views/run.ts';
import { LinkButton } from '../../ui/banner.tsx';
import { count } from '../../ui/format.ts';
import { RegionHead } from '../../ui/page.tsx';
import { openGive } from '../work/give/give-state.ts';
import { NeedsYou } from '../work/needs-you.tsx';
import { type Activity, activityOfRun } from './activity.ts';
import { ActivityRow } from './activity-row.tsx';
import { QueuedStrip } from './queued-strip.tsx';

/** Direct calls that ended and are still listed. */
const LATELY = 3;
/** Rows of what runs before the way to all of it. */
const SHOWN = 50;

interface SectionProps {
  title: string;
  activities: readonly Activity[];
  stations: ReadonlyMap<string, StationView>;
  /** At the right of its head. */
  way?: ReactNode;
}

function Section({ title, activities, stations, way }: SectionProps): ReactNode {
  return (
    <section aria-label={title}>
      <RegionHead title={title} meta={count(activities.length)}>
        {way}
      </RegionHead>
      <ul>
        {activities.slice(0, SHOWN).map((activity) => (
          <ActivityRow
            key={activity.id}
            activity={activity}
            late={stations.get(activity.station_id ?? '')?.status === 'late'}
          />
        ))}
      </ul>
    </section>
  );
}

function AllWork(): ReactNode {
  return (
    <Link
      to="/work"
      className="rounded-hint text-small font-medium whitespace-nowrap text-accent-text hover:underline"
    >
      All work
    </Link>
  );
}

export interface RunningPanelProps {
  /** What runs on any station, newest first. */
  running: readonly Activity[];
  /** The direct calls of this window, oldest first. */
  runs: readonly RunView[];
  stations: ReadonlyMap<string, StationView>;
}

/** What needs a person, what runs, and what waits; with the direct calls of this window that are not running. */
export function RunningPanel({ running, runs, stations }: RunningPanelProps): ReactNode {
  const newest = [...runs].reverse();
  const waiting = newest.filter((run) => run.state === 'queued' || run.state === 'routing');
  const ended = newest.filter((run) => run.ended_at !== undefined).slice(0, LATELY);
  return (
    <aside aria-label="Work" className="flex w-360 shrink-0 flex-col border-l border-hairline max-wide:w-304">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <NeedsYou />
        <Section title="Running now" activities={running} stations={stations} way={<AllWork />} />
        {running.length === 0 && (
          <p className="border-b border-hairline px-16 py-12 text-body text-2">
            Nothing runs. <LinkButton onClick={() => openGive()}>Give work</LinkButton>
          </p>
        )}
        {waiting.length > 0 && (
          <Section title="Calls that wait" activities={waiting.map(activityOfRun)} stations={stations} />
        )}
        {ended.length > 0 && (
          <Section title="Calls that ended" activities={ended.map(activityOfRun)} stations={stations} />
        )}
      </div>
      <QueuedStrip />
    </aside>
  );
}
