import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { GuestView } from '../../../src-shared/views/guest.ts';
import { call } from '../../data/queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { bytes } from '../../ui/format.ts';
import { Meter } from '../../ui/meter.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';

/** Guests come and go by the command line, which tells the window nothing. */
const REFRESH_MS = 5_000;

const STATES: Readonly<Record<GuestView['state'], string>> = {
  open: 'Open',
  opening: 'Opening',
  failed: 'Nobody answers for it',
  resting: 'Rests while the hub is not shared',
};

const columns: readonly Column<GuestView>[] = [
  {
    id: 'name',
    title: 'Name',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: ({ name, org }) => (
      <span className="takeable truncate text-1">
        {name} <span className="font-mono text-mono-small text-3">{org}</span>
      </span>
    ),
  },
  {
    id: 'state',
    title: 'State',
    compare: (a, b) => a.state.localeCompare(b.state),
    render: ({ state, error }) => (
      <span className="truncate" title={error}>
        {STATES[state]}
      </span>
    ),
  },
  {
    id: 'devices',
    title: 'Devices',
    width: '76px',
    align: 'right',
    compare: (a, b) => a.devices - b.devices,
    render: ({ devices }) => devices,
  },
  {
    id: 'connections',
    title: 'Connected',
    width: '96px',
    align: 'right',
    compare: (a, b) => a.connections - b.connections,
    render: ({ connections, limits }) => `${connections} of ${limits.connections}`,
  },
  {
    id: 'stored',
    title: 'Stored',
    width: '220px',
    align: 'right',
    compare: (a, b) => a.storage_bytes - b.storage_bytes,
    render: ({ name, storage_bytes, limits }) => (
      <span className="flex items-center gap-8">
        <Meter
          label={`${name} full`}
          value={Math.min(storage_bytes / limits.storage_bytes, 1)}
          className="flex-1"
        />
        {bytes(storage_bytes)} of {bytes(limits.storage_bytes)}
      </span>
    ),
  },
];

/** The lattices of others on this hub; nothing where it carries none. They are changed with `lattice hub`. */
export function GuestLattices(): ReactNode {
  const { data, error } = useQuery({
    queryKey: ['guests.list'],
    queryFn: () => call('guests.list'),
    refetchInterval: REFRESH_MS,
  });
  const [selected, setSelected] = useState<string | undefined>(undefined);
  if (error) return <Banner status="late">The lattices of others are not known: {error.message}</Banner>;
  if (data === undefined || data.length === 0) return null;
  return (
    <section
      aria-label="Lattices of others"
      className="flex max-h-200 min-h-0 shrink-0 flex-col border-b border-hairline"
    >
      <RegionHead title={<span className="pl-4">Lattices of others</span>} meta={data.length} line={false}>
        <span className="text-small text-3">Change them with lattice hub</span>
      </RegionHead>
      <Table
        label="Lattices of others"
        columns={columns}
        rows={data}
        rowKey={({ org }) => org}
        selected={selected}
        onSelect={setSelected}
        className="min-h-80 flex-1 text-2"
      />
    </section>
  );
}
