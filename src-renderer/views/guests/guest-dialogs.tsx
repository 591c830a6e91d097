import type { ReactNode } from 'react';
import { AddGuestDialog } from './add-guest-dialog.tsx';
import type { GuestChange } from './guest-menu.tsx';
import { InviteGuestDialog } from './invite-guest-dialog.tsx';
import { LimitDialog } from './limit-dialog.tsx';
import { RemoveGuestDialog } from './remove-guest-dialog.tsx';

/** What a person does with the guest lattices now. */
export type GuestAction = { kind: 'add' } | GuestChange;

export interface GuestDialogsProps {
  action: GuestAction | undefined;
  onAction(action: GuestAction): void;
  onClose(): void;
}

/** The one dialog that is open; a lattice that was added goes on to its first link. */
export function GuestDialogs({ action, onAction, onClose }: GuestDialogsProps): ReactNode {
  if (action === undefined) return null;
  if (action.kind === 'add')
    return <AddGuestDialog onClose={onClose} onAdded={(lattice) => onAction({ kind: 'invite', lattice })} />;
  const { lattice } = action;
  switch (action.kind) {
    case 'invite':
      return (
        <InviteGuestDialog
          org={lattice.org}
          name={lattice.name}
          isFirst={lattice.devices === 0}
          onClose={onClose}
        />
      );
    case 'limit':
      return <LimitDialog lattice={lattice} onClose={onClose} />;
    case 'remove':
      return <RemoveGuestDialog lattice={lattice} onClose={onClose} />;
  }
}
