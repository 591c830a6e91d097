import type { MouseEvent, ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { percent } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Slots } from '../../ui/slots.tsx';
import { STATUSES } from '../../ui/status.ts';
import type { Column } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { byBusy, byLoad, byName, byState } from './station-filter.ts';
import { StationTags } from './station-tags.tsx';

/** More squares than these do not fit beside the figures. */
const MOST_SQUARES = 8;

/** The name in a row; a click anywhere on the row is a click on it. */
function NameCell({ station, onOpen }: { station: StationView; onOpen(id: string): void }): ReactNode {
  const open = (event: MouseEvent<HTMLElement>) => {
    event.currentTarget.closest<HTMLElement>('[role="grid"]')?.focus();
    onOpen(station.id);
  };
  return (
    <span className="flex items-center gap-8">
      <button
        type="button"
        tabIndex={-1}
        onClick={open}
        title={station.name}
        className="truncate text-body font-medium text-1 after:absolute after:inset-0"
      >
        {station.name}
      </button>
      <span className="flex min-w-0 shrink-99 gap-6 overflow-hidden">
        <StationTags station={station} />
      </span>
    </span>
  );
}

function SlotsCell(props: { station: StationView; squares: boolean }): ReactNode {
  const { status, load } = props.station;
  const offline = status === 'offline';
  return (
    <span className="flex items-center justify-between gap-8">
      {props.squares && load.capacity <= MOST_SQUARES && (
        <Slots busy={offline ? 0 : load.running} capacity={load.capacity} small />
      )}
      <span className="ml-auto whitespace-nowrap">
        {offline ? '' : `${load.running} of ${load.capacity}`}
        {!offline && load.queued > 0 && (
          <span className="relative z-1 text-3" title={`${load.queued} queued`}>
            {' '}
            + {load.queued}
            <span className="sr-only"> queued</span>
          </span>
        )}
      </span>
    </span>
  );
}

function loadColumn(figure: 'cpu' | 'memory', title: string): Column<StationView> {
  return {
    id: figure,
    title,
    width: '108px',
    align: 'right',
    compare: byLoad(figure),
    render: ({ name, status, load }) =>
      status !== 'offline' && (
        <span className="flex items-center gap-8">
          <Meter label={`${title} of ${name}`} value={load[figure]} className="flex-1" />
          <span className="w-32">{percent(load[figure])}</span>
        </span>
      ),
  };
}

const state: Column<StationView> = {
  id: 'state',
  title: 'State',
  width: '104px',
  compare: byState,
  render: ({ status }) => (
    <span className="flex items-center gap-8">
      <Glyph status={status} size={14} />
      {STATUSES[status].word}
    </span>
  ),
};

const system: Column<StationView> = {
  id: 'system',
  title: 'System',
  width: '136px',
  compare: (a, b) => a.platform.os.localeCompare(b.platform.os) || byName(a, b),
  render: ({ platform }) => (
    <>
      {platform.os} <span className="text-3">{platform.arch}</span>
    </>
  ),
};

function slots(squares: boolean): Column<StationView> {
  return {
    id: 'slots',
    title: 'Busy slots',
    width: squares ? '164px' : '104px',
    align: 'right',
    compare: byBusy,
    render: (station) => <SlotsCell station={station} squares={squares} />,
  };
}

const agents: Column<StationView> = {
  id: 'agents',
  title: 'Agents',
  width: '76px',
  align: 'right',
  compare: (a, b) => a.agent_count - b.agent_count || byName(a, b),
  render: (station) => station.agent_count,
};

const heard: Column<StationView> = {
  id: 'heard',
  title: 'Last heard',
  width: '104px',
  align: 'right',
  compare: (a, b) => (a.last_heard ?? '').localeCompare(b.last_heard ?? '') || byName(a, b),
  render: ({ last_heard: at }) =>
    at !== undefined && (
      <span className="relative z-1">
        <Time at={at} />
      </span>
    ),
};

const version: Column<StationView> = {
  id: 'version',
  title: 'Version',
  width: '88px',
  align: 'right',
  compare: (a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }) || byName(a, b),
  render: (station) => station.version,
};

/** How much the list shows: all, what fits a compact window, or what fits beside the detail. */
export type ColumnSet = 'all' | 'compact' | 'beside';

/** The columns of the list; what a small set leaves out is in the detail. */
export function stationColumns(set: ColumnSet, onOpen: (id: string) => void): readonly Column<StationView>[] {
  const name: Column<StationView> = {
    id: 'name',
    title: 'Station',
    compare: byName,
    render: (station) => <NameCell station={station} onOpen={onOpen} />,
  };
  const load = [slots(set !== 'beside'), loadColumn('cpu', 'CPU'), loadColumn('memory', 'Memory')];
  if (set !== 'all') return [state, name, ...load, heard];
  return [state, name, system, ...load, agents, heard, version];
}
