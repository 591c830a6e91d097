import { type ReactNode, useId, useState } from 'react';
import { limitTexts, readLimits } from '../../../src-shared/guest-limits.ts';
import { orgOfName } from '../../../src-shared/guest-org.ts';
import { ORG_HINT, tokenSchema } from '../../../src-shared/protocol/token.ts';
import { DEFAULT_GUEST_LIMITS, type GuestView } from '../../../src-shared/views/guest.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureText } from '../../ui/failure-text.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { LimitFields } from './limit-fields.tsx';

/** The form for one more lattice on this hub. */
export function AddGuestDialog(props: { onClose(): void; onAdded(lattice: GuestView): void }): ReactNode {
  const { onClose, onAdded } = props;
  const form = useId();
  const [name, setName] = useState('');
  const [ownOrg, setOwnOrg] = useState<string | undefined>(undefined);
  const [texts, setTexts] = useState(() => limitTexts(DEFAULT_GUEST_LIMITS));
  const { mutate, isPending, error } = useAction('guests.add', ['guests.list']);
  const org = ownOrg ?? orgOfName(name);
  const isOrg = tokenSchema.safeParse(org).success;
  const { change, problems } = readLimits(texts, DEFAULT_GUEST_LIMITS);
  const called = name.trim();
  const reason = reasonNotToAdd({ called, org, isOrg, fits: Object.keys(problems).length === 0 });
  const add = () => {
    if (reason !== undefined || isPending) return;
    mutate({ org, name: called === '' ? org : called, limits: change }, { onSuccess: onAdded });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width={520}
      title="Add a guest lattice"
      text="Another team gets a lattice of its own on this hub. Nobody on it sees yours, and nobody on yours sees it."
      safe={<Button onClick={onClose}>Cancel</Button>}
      actions={
        <Button
          variant="main"
          type="submit"
          form={form}
          busy={isPending}
          busyLabel="Adding"
          disabledReason={reason}
        >
          Add the lattice
        </Button>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-12"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field label="Name" hint="How people call it.">
          <Input value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field
          label="Org"
          hint={`${ORG_HINT} It stays as it is.`}
          error={org === '' || isOrg ? undefined : ORG_HINT}
        >
          <Input
            mono
            value={org}
            maxLength={64}
            spellCheck={false}
            onChange={(event) => setOwnOrg(event.target.value)}
          />
        </Field>
        <LimitFields texts={texts} onChange={setTexts} problems={problems} />
      </form>
      <FailureText error={error} />
    </Dialog>
  );
}

function reasonNotToAdd(form: { called: string; org: string; isOrg: boolean; fits: boolean }) {
  if (form.org === '') return form.called === '' ? 'Give it a name.' : 'Give it an org.';
  if (!form.isOrg) return ORG_HINT;
  return form.fits ? undefined : 'Correct the limits first.';
}
