import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { percent } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { STATUSES } from '../../ui/status.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

const ORDER = { late: 0, offline: 1, online: 2 } as const;

const columns: readonly Column<StationView>[] = [
  {
    id: 'name',
    title: 'Station',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: (station) => (
      <span className="flex items-center gap-8">
        <Glyph status={station.status} size={13} />
        <span className="truncate font-medium text-1">{station.name}</span>
        {station.is_self && <span className="text-3">This machine</span>}
      </span>
    ),
  },
  {
    id: 'status',
    title: 'State',
    width: '96px',
    compare: (a, b) => ORDER[a.status] - ORDER[b.status],
    render: (station) => STATUSES[station.status].word,
  },
  {
    id: 'busy',
    title: 'Busy',
    width: '88px',
    align: 'right',
    compare: (a, b) => a.load.running - b.load.running,
    render: (station) => `${station.load.running} of ${station.load.capacity}`,
  },
  {
    id: 'cpu',
    title: 'CPU',
    width: '72px',
    align: 'right',
    compare: (a, b) => a.load.cpu - b.load.cpu,
    render: (station) => (station.status === 'offline' ? '' : percent(station.load.cpu)),
  },
  {
    id: 'memory',
    title: 'Memory',
    width: '80px',
    align: 'right',
    compare: (a, b) => a.load.memory - b.load.memory,
    render: (station) => (station.status === 'offline' ? '' : percent(station.load.memory)),
  },
  {
    id: 'agents',
    title: 'Agents',
    width: '76px',
    align: 'right',
    compare: (a, b) => a.agent_count - b.agent_count,
    render: (station) => station.agent_count,
  },
  {
    id: 'heard',
    title: 'Last heard',
    width: '104px',
    align: 'right',
    compare: (a, b) => (a.last_heard ?? '').localeCompare(b.last_heard ?? ''),
    render: (station) => (station.last_heard === undefined ? '' : <Time at={station.last_heard} />),
  },
];

/** The graph as a table: the same facts, in rows that sort. */
export function StationTable({ stations }: { stations: readonly StationView[] }): ReactNode {
  const navigate = useNavigate();
  const [selected, setSelected] = useState<string | undefined>(undefined);
  return (
    <Table
      label="Stations"
      columns={columns}
      rows={stations}
      rowKey={(station) => station.id}
      selected={selected}
      onSelect={setSelected}
      onOpen={(id) => void navigate({ to: '/stations/$stationId', params: { stationId: id } })}
      className="absolute inset-0 pb-56 text-2"
    />
  );
}
