import { type ReactNode, useId, useState } from 'react';
import { limitTexts, readLimits } from '../../../src-shared/guest-limits.ts';
import { sizeWords } from '../../../src-shared/sizes.ts';
import type { GuestLimitChange, GuestView } from '../../../src-shared/views/guest.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureText } from '../../ui/failure-text.tsx';
import { LimitFields } from './limit-fields.tsx';

/** The form that changes what a guest lattice may use up. */
export function LimitDialog({ lattice, onClose }: { lattice: GuestView; onClose(): void }): ReactNode {
  const { org, name, limits } = lattice;
  const form = useId();
  const [texts, setTexts] = useState(() => limitTexts(limits));
  const { mutate, isPending, error } = useAction('guests.limit', ['guests.list']);
  const { change, problems } = readLimits(texts, limits);
  const reason =
    Object.keys(problems).length > 0
      ? 'Correct the limits first.'
      : Object.keys(change).length === 0
        ? 'No limit was changed.'
        : undefined;
  const save = () => {
    if (reason === undefined && !isPending) mutate({ org, limits: change }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width={520}
      title={`Limits of ${name}`}
      text="They count at once. What goes beyond them is refused by the hub."
      safe={<Button onClick={onClose}>Cancel</Button>}
      actions={
        <Button
          variant="main"
          type="submit"
          form={form}
          busy={isPending}
          busyLabel="Changing"
          disabledReason={reason}
        >
          Change the limits
        </Button>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <LimitFields texts={texts} onChange={setTexts} problems={problems} notes={notesOf(lattice, change)} />
      </form>
      <FailureText error={error} />
    </Dialog>
  );
}

/** What a change means that is less than what is used now. */
function notesOf({ storage_bytes, connections }: GuestView, change: GuestLimitChange) {
  return {
    ...((change.storage_bytes ?? storage_bytes) < storage_bytes
      ? { storage_bytes: `It stores ${sizeWords(storage_bytes)} now. The hub refuses more.` }
      : {}),
    ...((change.connections ?? connections) < connections
      ? { connections: `${connections} are connected now.` }
      : {}),
  };
}
