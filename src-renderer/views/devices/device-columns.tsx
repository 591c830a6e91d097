import { Ellipsis, Pencil, Shield, UserX } from 'lucide-react';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { Column } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import type { DeviceChange } from './device-dialog.tsx';
import { deviceState } from './device-rows.ts';

/** The columns of the list of devices; `onChange` opens the question before a change. */
export function deviceColumns(onChange: (change: DeviceChange) => void): readonly Column<DeviceView>[] {
  const gone = (device: DeviceView) =>
    device.revoked_at === undefined ? undefined : 'Its access was taken back.';
  return [
    {
      id: 'name',
      title: 'Device',
      compare: (a, b) => a.name.localeCompare(b.name),
      render: (device) => {
        const { status, word } = deviceState(device);
        return (
          <span className="flex items-center gap-8">
            <Glyph status={status} size={13} label={word} />
            <span className="truncate font-medium text-1">{device.name}</span>
          </span>
        );
      },
    },
    {
      id: 'role',
      title: 'Role',
      width: '88px',
      compare: (a, b) => a.role.localeCompare(b.role),
      render: ({ role }) => roleWords[role].title,
    },
    {
      id: 'seen',
      title: 'Last seen',
      width: '112px',
      compare: (a, b) => (a.last_seen ?? '').localeCompare(b.last_seen ?? ''),
      render: ({ connected, last_seen }) => {
        if (connected) return 'Now';
        return last_seen === undefined ? '' : <Time at={last_seen} as="age" />;
      },
    },
    {
      id: 'address',
      title: 'Address',
      width: '132px',
      render: ({ address }) => <span className="font-mono text-mono-small">{address}</span>,
    },
    {
      id: 'version',
      title: 'Version',
      width: '72px',
      render: ({ version }) => version,
    },
    {
      id: 'agents',
      title: 'Agents',
      width: '64px',
      align: 'right',
      compare: (a, b) => a.agents - b.agents,
      render: ({ agents }) => agents,
    },
    {
      id: 'actions',
      title: '',
      width: '64px',
      align: 'right',
      render: (device) => (
        <Menu
          trigger={<IconButton icon={Ellipsis} label={`Change ${device.name}`} size={20} />}
          groups={[
            [
              {
                id: 'rename',
                label: 'Rename',
                icon: Pencil,
                disabledReason: gone(device),
                run: () => onChange({ kind: 'rename', device }),
              },
              {
                id: 'role',
                label: 'Change the role',
                icon: Shield,
                disabledReason: gone(device),
                run: () => onChange({ kind: 'role', device }),
              },
            ],
            [
              {
                id: 'revoke',
                label: 'Take access back',
                icon: UserX,
                danger: true,
                disabledReason: gone(device),
                run: () => onChange({ kind: 'revoke', device }),
              },
            ],
          ]}
        />
      ),
    },
  ];
}
