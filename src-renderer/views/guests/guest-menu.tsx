import { Ellipsis, Gauge, Trash2, UserPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GuestView } from '../../../src-shared/views/guest.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';

/** What is to be done with a guest lattice. */
export interface GuestChange {
  kind: 'invite' | 'limit' | 'remove';
  /** As it was when a person chose so. */
  lattice: GuestView;
}

/** What can be done with a guest lattice. */
export function GuestMenu(props: { lattice: GuestView; onChange(change: GuestChange): void }): ReactNode {
  const { lattice, onChange } = props;
  const { name, state } = lattice;
  const entry = (kind: GuestChange['kind'], label: string, icon: typeof Gauge) => ({
    id: kind,
    label,
    icon,
    run: () => onChange({ kind, lattice }),
  });
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Change ${name}`} size={20} />}
      groups={[
        [
          {
            ...entry('invite', 'Invite a machine', UserPlus),
            disabledReason: state === 'resting' ? 'It rests while the hub is not shared.' : undefined,
          },
          entry('limit', 'Change the limits', Gauge),
        ],
        [{ ...entry('remove', 'Remove from this hub', Trash2), danger: true }],
      ]}
    />
  );
}
