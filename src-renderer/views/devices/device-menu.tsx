import { Ellipsis, Pencil, Shield, UserX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { DeviceChange } from './device-dialog.tsx';

export interface DeviceMenuProps {
  device: DeviceView;
  /** Why nothing can be changed here, when nothing can. */
  locked: string | undefined;
  onChange(change: DeviceChange): void;
}

/** What can be done with a device. */
export function DeviceMenu({ device, locked, onChange }: DeviceMenuProps): ReactNode {
  const disabledReason =
    locked ?? (device.revoked_at === undefined ? undefined : 'It has no access any more.');
  const item = (kind: DeviceChange['kind'], label: string, icon: typeof Pencil) => ({
    id: kind,
    label,
    icon,
    disabledReason,
    run: () => onChange({ kind, device }),
  });
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Change ${device.name}`} size={20} />}
      groups={[
        [item('rename', 'Rename', Pencil), item('role', 'Change the role', Shield)],
        [{ ...item('revoke', 'Take access back', UserX), danger: true }],
      ]}
    />
  );
}
