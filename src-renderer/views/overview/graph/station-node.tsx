import type { ReactNode } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import { cx } from '../../../ui/cx.ts';
import { percent, plural } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Meter } from '../../../ui/meter.tsx';
import { Slots } from '../../../ui/slots.tsx';
import { STATUSES } from '../../../ui/status.ts';
import type { Activity } from '../activity.ts';
import { Silence } from './links.tsx';

/** Works that a node lists before it says how many more there are. */
const LISTED = 3;
const WORK_HEIGHT = 22;

/** Height of a node in pixels; the layout needs it before anything is drawn. */
export function nodeHeight(station: StationView, activities: readonly Activity[], compact: boolean): number {
  if (compact) return 60;
  if (station.status === 'offline') return 64;
  if (activities.length === 0) return 90;
  const more = hiddenWorks(station, activities) > 0 ? 1 : 0;
  return 93 + WORK_HEIGHT * (Math.min(activities.length, LISTED) + more);
}

/** How many works a station runs that its node does not list. */
function hiddenWorks(station: StationView, activities: readonly Activity[]): number {
  return Math.max(station.load.running, activities.length) - Math.min(activities.length, LISTED);
}

function placeOf(station: StationView): string {
  return station.is_self
    ? 'This machine'
    : `${station.platform.os}, ${plural(station.platform.cores, 'core')}`;
}

/** What a screen reader says of a node. */
export function nodeName(station: StationView): string {
  const state = STATUSES[station.status].word;
  if (station.status === 'offline') return `${station.name}, ${state}`;
  return `${station.name}, ${state}, ${station.load.running} of ${station.load.capacity} busy`;
}

function Load({ label, value }: { label: string; value: number }): ReactNode {
  return (
    <span className="flex min-w-0 flex-1 items-center gap-8 text-small">
      <span className="text-3">{label}</span>
      <Meter label={label} value={value} className="max-w-36 min-w-20 flex-1" />
      <span className="figures ml-auto text-2">{percent(value)}</span>
    </span>
  );
}

function Work({ activity }: { activity: Activity }): ReactNode {
  const { status, percent: done } = activity;
  return (
    <span className="flex h-22 items-center gap-7 text-small">
      <Glyph status={status} size={12} percent={done} label={activity.word} />
      <span className="max-w-1/2 shrink-0 truncate font-semibold text-1">{activity.doer}</span>
      <span className="min-w-0 flex-1 truncate text-2">{activity.task}</span>
      {status === 'running' && done !== undefined && (
        <span className="figures text-3">{percent(done / 100)}</span>
      )}
    </span>
  );
}

export interface StationNodeProps {
  station: StationView;
  /** What the station has, with what asks a person first. */
  activities: readonly Activity[];
  compact: boolean;
  /** Whether the node says itself since when nothing came, because its line has no label. */
  saysSilence: boolean;
}

/** The content of a node: state, slots, load and what runs. */
export function StationNode({ station, activities, compact, saysSilence }: StationNodeProps): ReactNode {
  const offline = station.status === 'offline';
  const { load } = station;
  const more = hiddenWorks(station, activities);
  const asking = activities.filter((activity) => activity.status === 'escalated').length;
  return (
    <span className={cx('flex h-full flex-col px-12 text-left', compact ? 'pt-8' : 'pt-10')}>
      <span className="flex h-22 items-center gap-7">
        <Glyph status={station.status} size={13} />
        <span
          className={cx('min-w-0 flex-1 truncate text-body font-semibold', offline ? 'text-2' : 'text-1')}
        >
          {station.name}
        </span>
        {!compact && (
          <span className="text-tiny font-normal whitespace-nowrap text-3">
            {saysSilence && station.status !== 'online' ? <Silence station={station} /> : placeOf(station)}
          </span>
        )}
      </span>
      <span className="figures flex h-24 items-center justify-between gap-8 text-small whitespace-nowrap text-3">
        <Slots
          busy={offline ? 0 : load.running}
          asking={offline ? 0 : Math.min(asking, load.running)}
          capacity={load.capacity}
          small={compact}
        />
        <span className="ml-auto">
          {offline ? plural(station.agent_count, 'agent') : `${load.running} of ${load.capacity} busy`}
        </span>
      </span>
      {!compact && !offline && (
        <span className="flex h-24 items-center gap-12">
          <Load label="CPU" value={load.cpu} />
          <Load label="Mem" value={load.memory} />
        </span>
      )}
      {!compact && !offline && activities.length > 0 && (
        <span className="mt-1 flex flex-col border-t border-hairline pt-4">
          {activities.slice(0, LISTED).map((activity) => (
            <Work key={activity.id} activity={activity} />
          ))}
          {more > 0 && <span className="flex h-22 items-center pl-19 text-small text-3">{more} more</span>}
        </span>
      )}
    </span>
  );
}

/** A station in little room: its state and its name. */
export function StationChip({ station }: { station: StationView }): ReactNode {
  const busy = station.status === 'offline' ? '' : `${station.load.running}/${station.load.capacity}`;
  return (
    <span className="flex h-full items-center gap-6 px-8 text-small">
      <Glyph status={station.status} size={12} />
      <span className="min-w-0 flex-1 truncate text-left font-medium text-1">{station.name}</span>
      <span className="figures text-tiny font-normal text-3">{busy}</span>
    </span>
  );
}
