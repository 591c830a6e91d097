import type { ReactNode } from 'react';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { RowName } from '../../ui/row-name.tsx';
import type { Column } from '../../ui/table.tsx';
import { Tag } from '../../ui/tag.tsx';
import { Time } from '../../ui/time.tsx';
import type { DeviceChange } from './device-dialog.tsx';
import { DeviceMenu } from './device-menu.tsx';
import { byWork, deviceState, workWords } from './device-rows.ts';

/** What the list of devices goes by. */
export interface DeviceColumnsOptions {
  /** All columns, those of a small window, or those that fit beside the detail. */
  set: 'all' | 'compact' | 'beside';
  /** The device that this machine is. */
  self: string | undefined;
  /** Why nothing can be changed here, when nothing can. */
  locked: string | undefined;
  onOpen(id: string): void;
  /** Opens the question before a change. */
  onChange(change: DeviceChange): void;
}

function seenOf(device: DeviceView): ReactNode {
  if (device.revoked_at !== undefined) return deviceState(device).word;
  if (device.connected) return 'Now';
  return device.last_seen === undefined ? 'Not since the start' : <Time at={device.last_seen} as="age" />;
}

function actions({ locked, onChange }: DeviceColumnsOptions): Column<DeviceView> {
  return {
    id: 'actions',
    title: '',
    width: '64px',
    align: 'right',
    render: (device) => (
      <span className="relative z-1">
        <DeviceMenu device={device} locked={locked} onChange={onChange} />
      </span>
    ),
  };
}

/** The columns of the list of devices. */
export function deviceColumns(options: DeviceColumnsOptions): readonly Column<DeviceView>[] {
  const { set, self, onOpen } = options;
  const name: Column<DeviceView> = {
    id: 'name',
    title: 'Device',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: (device) => (
      <RowName name={device.name} state={deviceState(device)} onOpen={() => onOpen(device.id)}>
        {device.id === self && <Tag>This device</Tag>}
      </RowName>
    ),
  };
  const role: Column<DeviceView> = {
    id: 'role',
    title: 'Role',
    width: '88px',
    compare: (a, b) => a.role.localeCompare(b.role),
    render: (device) => roleWords[device.role].title,
  };
  const seen: Column<DeviceView> = {
    id: 'seen',
    title: 'Last seen',
    width: '120px',
    compare: (a, b) => (a.last_seen ?? '').localeCompare(b.last_seen ?? ''),
    render: seenOf,
  };
  const address: Column<DeviceView> = {
    id: 'address',
    title: 'Address',
    width: '128px',
    render: (device) => <span className="font-mono text-mono-small">{device.address}</span>,
  };
  const version: Column<DeviceView> = {
    id: 'version',
    title: 'Version',
    width: '72px',
    render: (device) => device.version,
  };
  const agents: Column<DeviceView> = {
    id: 'agents',
    title: 'Agents',
    width: '72px',
    align: 'right',
    compare: (a, b) => a.agents - b.agents,
    render: (device) => device.agents,
  };
  const work: Column<DeviceView> = {
    id: 'work',
    title: 'Work',
    width: set === 'all' ? '216px' : '184px',
    compare: byWork,
    render: (device) => <span title={workWords(device)}>{workWords(device)}</span>,
  };
  switch (set) {
    case 'all':
      return [name, role, seen, address, version, work, agents, actions(options)];
    case 'compact':
      return [name, role, seen, address, work, agents, actions(options)];
    case 'beside':
      return [name, role, seen, actions(options)];
  }
}
