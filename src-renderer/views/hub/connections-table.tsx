import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { HubConnection } from '../../../src-shared/views/hub.ts';
import { useLive } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { cx } from '../../ui/cx.ts';
import { bytes, milliseconds, plural } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { STATUSES } from '../../ui/status.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { type ConnectionRow, connectionRows } from './hub-facts.ts';

function by(read: (connection: HubConnection) => number | undefined) {
  const value = ({ connection }: ConnectionRow) =>
    (connection === undefined ? undefined : read(connection)) ?? -1;
  return (a: ConnectionRow, b: ConnectionRow) => value(a) - value(b);
}

const columns: readonly Column<ConnectionRow>[] = [
  {
    id: 'station',
    title: 'Station',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: ({ name, status }) => (
      <span className="flex items-center gap-8">
        {status === undefined ? (
          <span className="w-13 shrink-0" />
        ) : (
          <Glyph status={status} size={13} label={STATUSES[status].word} />
        )}
        <span className="truncate font-medium text-1" title={name}>
          {name}
        </span>
      </span>
    ),
  },
  {
    id: 'kind',
    title: 'Kind',
    width: '108px',
    compare: (a, b) => a.kind.localeCompare(b.kind),
    render: (row) => row.kind,
  },
  {
    id: 'rtt',
    title: 'Round trip',
    width: '80px',
    align: 'right',
    compare: by((connection) => connection.rtt_ms),
    render: ({ connection }) => connection?.rtt_ms !== undefined && milliseconds(connection.rtt_ms),
  },
  {
    id: 'in',
    title: 'In',
    width: '72px',
    align: 'right',
    compare: by((connection) => connection.in_bytes),
    render: ({ connection }) => connection !== undefined && bytes(connection.in_bytes),
  },
  {
    id: 'out',
    title: 'Out',
    width: '72px',
    align: 'right',
    compare: by((connection) => connection.out_bytes),
    render: ({ connection }) => connection !== undefined && bytes(connection.out_bytes),
  },
  {
    id: 'waiting',
    title: 'Waiting',
    width: '72px',
    align: 'right',
    compare: by((connection) => connection.pending_bytes),
    render: ({ connection }) =>
      connection !== undefined && (
        <span className={cx(connection.slow && 'text-late')}>{bytes(connection.pending_bytes)}</span>
      ),
  },
  {
    id: 'subs',
    title: 'Subs',
    width: '48px',
    align: 'right',
    compare: by((connection) => connection.subscriptions),
    render: ({ connection }) => connection?.subscriptions,
  },
  {
    id: 'since',
    title: 'Since',
    width: '88px',
    align: 'right',
    compare: by((connection) => -Date.parse(connection.since)),
    render: ({ connection, lostAt }) => {
      if (connection !== undefined) return <Time at={connection.since} as="age" />;
      return (
        lostAt !== undefined && (
          <>
            Lost <Time at={lostAt} as="moment" />
          </>
        )
      );
    },
  },
];

const KINDS = [
  { value: 'all', label: 'All kinds' },
  { value: 'station', label: 'Stations' },
  { value: 'command', label: 'Command lines' },
  { value: 'other', label: 'Others' },
];

/** Who is connected to the hub, joined to the stations, and which of them read too slowly. */
export function ConnectionsTable({ connections }: { connections: readonly HubConnection[] }): ReactNode {
  const stations = useLive('stations.watch').items;
  const [kind, setKind] = useRemembered('hub.connections', 'all');
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const slow = connections.filter((connection) => connection.slow).length;
  const rows = useMemo(() => {
    const all = connectionRows(connections, stations);
    return kind === 'all' ? all : all.filter((row) => (row.connection?.kind ?? 'station') === kind);
  }, [connections, stations, kind]);
  return (
    <section aria-label="Connections" className="flex min-h-0 min-w-0 flex-col">
      <RegionHead title={<span className="pl-4">Connections</span>} meta={connections.length} line={false}>
        {slow > 0 && (
          <span className="inline-flex items-center gap-6 text-small text-late">
            <Icon icon={TriangleAlert} size={12} />
            {plural(slow, 'slow consumer')}
          </span>
        )}
        <Select label="Kind of connection" size="filter" value={kind} onChange={setKind} options={KINDS} />
      </RegionHead>
      <Table
        label="Connections"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.key}
        selected={selected}
        onSelect={setSelected}
        className="flex-1 text-2"
      />
    </section>
  );
}
