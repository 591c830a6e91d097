import type { ReactNode } from 'react';
import { sizeWords } from '../../../src-shared/sizes.ts';
import type { GuestView } from '../../../src-shared/views/guest.ts';
import { bytes } from '../../ui/format.ts';
import { Meter } from '../../ui/meter.tsx';
import { RowName } from '../../ui/row-name.tsx';
import type { Column } from '../../ui/table.tsx';
import { type GuestChange, GuestMenu } from './guest-menu.tsx';
import { guestState } from './guest-words.ts';

export interface GuestColumnsOptions {
  /** All columns, those of a small window, or those that fit beside the detail. */
  set: 'all' | 'compact' | 'beside';
  onOpen(org: string): void;
  onChange(change: GuestChange): void;
}

/** How much of a limit is used: a bar with both figures beside it. */
function Used(props: { label: string; used: number; most: number; words: string; room: string }): ReactNode {
  const { label, used, most, words, room } = props;
  return (
    <span className="flex items-center gap-8">
      <Meter label={label} value={used / most} className="flex-1" />
      <span className={room}>{words}</span>
    </span>
  );
}

const connected = ({ name, connections, limits }: GuestView, room: string) => (
  <Used
    label={`Connections of ${name}`}
    used={connections}
    most={limits.connections}
    words={`${connections} of ${limits.connections}`}
    room={room}
  />
);

const stored = ({ name, storage_bytes, limits }: GuestView) => (
  <Used
    label={`Storage of ${name}`}
    used={storage_bytes}
    most={limits.storage_bytes}
    words={`${bytes(storage_bytes)} of ${sizeWords(limits.storage_bytes)}`}
    room="w-136"
  />
);

/** The columns of the list of guest lattices. */
export function guestColumns({ set, onOpen, onChange }: GuestColumnsOptions): readonly Column<GuestView>[] {
  const name: Column<GuestView> = {
    id: 'name',
    title: 'Lattice',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: (lattice) => (
      <RowName name={lattice.name} state={guestState(lattice)} onOpen={() => onOpen(lattice.org)} />
    ),
  };
  const org: Column<GuestView> = {
    id: 'org',
    title: 'Org',
    width: '160px',
    compare: (a, b) => a.org.localeCompare(b.org),
    render: (lattice) => (
      <span className="font-mono text-mono-small" title={lattice.org}>
        {lattice.org}
      </span>
    ),
  };
  const state: Column<GuestView> = {
    id: 'state',
    title: 'State',
    width: set === 'all' ? '208px' : '152px',
    compare: (a, b) => guestState(a).word.localeCompare(guestState(b).word),
    render: (lattice) => <span title={lattice.error}>{guestState(lattice).word}</span>,
  };
  const devices: Column<GuestView> = {
    id: 'devices',
    title: 'Devices',
    width: '76px',
    align: 'right',
    compare: (a, b) => a.devices - b.devices,
    render: (lattice) => lattice.devices,
  };
  const connections: Column<GuestView> = {
    id: 'connections',
    title: 'Connected',
    width: '148px',
    align: 'right',
    compare: (a, b) => a.connections - b.connections,
    render: (lattice) => connected(lattice, 'w-64'),
  };
  const storage: Column<GuestView> = {
    id: 'storage',
    title: 'Stored',
    width: '232px',
    align: 'right',
    compare: (a, b) => a.storage_bytes - b.storage_bytes,
    render: stored,
  };
  const actions: Column<GuestView> = {
    id: 'actions',
    title: '',
    width: '56px',
    align: 'right',
    render: (lattice) => (
      <span className="relative z-1">
        <GuestMenu lattice={lattice} onChange={onChange} />
      </span>
    ),
  };
  switch (set) {
    case 'all':
      return [name, org, state, devices, connections, storage, actions];
    case 'compact':
      return [name, state, devices, connections, storage, actions];
    case 'beside':
      return [name, devices, storage, actions];
  }
}
