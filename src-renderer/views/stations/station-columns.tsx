import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { percent } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Slots } from '../../ui/slots.tsx';
import { STATUSES } from '../../ui/status.ts';
import type { Column } from '../../ui/table.tsx';
import { Tag } from '../../ui/tag.tsx';
import { Time } from '../../ui/time.tsx';
import { systemName } from './station-facts.ts';

const ORDER = { late: 0, offline: 1, online: 2 } as const;

function Level({ label, value, station }: { label: string; value: number; station: StationView }): ReactNode {
  if (station.status === 'offline') return null;
  return (
    <span className="flex items-center gap-8">
      <Meter label={`${label} of ${station.name}`} value={value} className="min-w-16 flex-1" />
      <span className="w-32 shrink-0">{percent(value)}</span>
    </span>
  );
}

/** How much room the table has: a wide window, a compact one, or the place beside a detail. */
export type TableRoom = 'wide' | 'compact' | 'beside';

const LEFT_OUT: Readonly<Record<TableRoom, readonly string[]>> = {
  wide: [],
  compact: ['system', 'version'],
  beside: ['system', 'version', 'cpu', 'memory'],
};

/** The column of the name; a click anywhere on the row is a click on it. */
function nameColumn(onOpen: (id: string) => void): Column<StationView> {
  return {
    id: 'name',
    title: 'Station',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: (station) => (
      <span className="flex items-center gap-8">
        <Glyph status={station.status} size={13} />
        <button
          type="button"
          tabIndex={-1}
          onClick={(event) => {
            event.currentTarget.closest('table')?.focus();
            onOpen(station.id);
          }}
          className="truncate font-medium text-1 after:absolute after:inset-0"
        >
          {station.name}
        </button>
        {station.is_self && <span className="text-3">This machine</span>}
        {station.hosts_hub && <Tag>Hub</Tag>}
      </span>
    ),
  };
}

const facts: readonly Column<StationView>[] = [
  {
    id: 'status',
    title: 'State',
    width: '132px',
    compare: (a, b) => ORDER[a.status] - ORDER[b.status],
    render: (station) => (
      <>
        {STATUSES[station.status].word}
        {station.status !== 'online' && (
          <span className="text-3">
            {' since '}
            <Time at={station.status_since} as="moment" />
          </span>
        )}
      </>
    ),
  },
  {
    id: 'system',
    title: 'System',
    width: '84px',
    compare: (a, b) => a.platform.os.localeCompare(b.platform.os),
    render: (station) => systemName(station.platform.os),
  },
  {
    id: 'slots',
    title: 'Slots',
    width: '148px',
    compare: (a, b) => a.load.running - b.load.running,
    render: ({ status, load }) =>
      status !== 'offline' && (
        <span className="flex items-center gap-10">
          <span className="figures w-48 shrink-0">
            {load.running} of {load.capacity}
          </span>
          {load.capacity <= 8 && <Slots busy={load.running} capacity={load.capacity} small />}
        </span>
      ),
  },
  {
    id: 'cpu',
    title: 'CPU',
    width: '92px',
    align: 'right',
    compare: (a, b) => a.load.cpu - b.load.cpu,
    render: (station) => <Level label="CPU" value={station.load.cpu} station={station} />,
  },
  {
    id: 'memory',
    title: 'Memory',
    width: '92px',
    align: 'right',
    compare: (a, b) => a.load.memory - b.load.memory,
    render: (station) => <Level label="Memory" value={station.load.memory} station={station} />,
  },
  {
    id: 'agents',
    title: 'Agents',
    width: '68px',
    align: 'right',
    compare: (a, b) => a.agent_count - b.agent_count,
    render: (station) => station.agent_count,
  },
  {
    id: 'heard',
    title: 'Last heard',
    width: '96px',
    align: 'right',
    compare: (a, b) => (a.last_heard ?? '').localeCompare(b.last_heard ?? ''),
    render: (station) => station.last_heard !== undefined && <Time at={station.last_heard} />,
  },
  {
    id: 'version',
    title: 'Version',
    width: '84px',
    align: 'right',
    compare: (a, b) => a.version.localeCompare(b.version, undefined, { numeric: true }),
    render: (station) => station.version,
  },
];

/** The columns of the table of stations. */
export function stationColumns(
  room: TableRoom,
  onOpen: (id: string) => void,
): readonly Column<StationView>[] {
  return [nameColumn(onOpen), ...facts.filter((column) => !LEFT_OUT[room].includes(column.id))];
}
