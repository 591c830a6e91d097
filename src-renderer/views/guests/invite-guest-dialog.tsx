import type { ReactNode } from 'react';
import { InviteLink } from '../../app/invite-link.tsx';
import { ManagedGuest } from '../../data/managed-lattice.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

export interface InviteGuestDialogProps {
  org: string;
  name: string;
  /** Nobody is on it yet: the first is best one who can invite the others. */
  isFirst: boolean;
  onClose(): void;
}

/** Makes a link into a guest lattice. */
export function InviteGuestDialog({ org, name, isFirst, onClose }: InviteGuestDialogProps): ReactNode {
  return (
    <Dialog
      open
      onClose={onClose}
      width={560}
      title={isFirst ? `Invite the first machine into ${name}` : `Invite a machine into ${name}`}
      text={
        isFirst
          ? 'Make a link for one device and send it only to who it is for. An admin can invite the others without you.'
          : 'Make a link for one device and send it only to who it is for. On the other machine, choose Join one and paste it.'
      }
      actions={
        <Button variant="plain" onClick={onClose}>
          Close
        </Button>
      }
    >
      <ManagedGuest value={org}>
        <InviteLink firstRole={isFirst ? 'admin' : 'station'} />
      </ManagedGuest>
    </Dialog>
  );
}
