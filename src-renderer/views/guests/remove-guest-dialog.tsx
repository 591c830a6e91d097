import { type ReactNode, useId, useState } from 'react';
import type { GuestView } from '../../../src-shared/views/guest.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureText } from '../../ui/failure-text.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Switch } from '../../ui/switch.tsx';
import { removalWords } from './guest-words.ts';

/** The question before a lattice is taken off this hub, with what is lost, and afterwards where the rest is. */
export function RemoveGuestDialog({ lattice, onClose }: { lattice: GuestView; onClose(): void }): ReactNode {
  const { org, name } = lattice;
  const form = useId();
  const [confirm, setConfirm] = useState('');
  const [deletes, setDeletes] = useState(false);
  const { mutate, data, isPending, error } = useAction('guests.remove', ['guests.list']);
  if (data !== undefined && data.kept.length > 0)
    return <Kept org={org} name={name} paths={data.kept} onClose={onClose} />;
  const reason = confirm.trim() === org ? undefined : `Write ${org} first.`;
  const remove = () => {
    if (reason !== undefined || isPending) return;
    mutate(
      { org, confirm: confirm.trim(), delete_data: deletes },
      { onSuccess: ({ kept }) => kept.length === 0 && onClose() },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width={480}
      title={`Remove ${name} from this hub?`}
      safe={<Button onClick={onClose}>Keep it</Button>}
      actions={
        <Button
          variant="destroy"
          type="submit"
          form={form}
          busy={isPending}
          busyLabel="Removing"
          disabledReason={reason}
        >
          {deletes ? 'Remove and delete' : 'Remove'}
        </Button>
      }
    >
      <ul aria-label="What this does" className="-mt-4 flex list-disc flex-col gap-4 pl-16 text-body text-2">
        {removalWords(lattice, deletes).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Switch
        on={deletes}
        onChange={setDeletes}
        label="Delete what it stored and who had access"
        word="Delete what it stored and who had access"
      />
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          remove();
        }}
      >
        <Field label={`Write ${org} to remove it`}>
          <Input
            mono
            value={confirm}
            maxLength={64}
            spellCheck={false}
            onChange={(event) => setConfirm(event.target.value)}
          />
        </Field>
      </form>
      <FailureText error={error} />
    </Dialog>
  );
}

/** Where the data of a removed lattice is, and how it comes back. */
function Kept(props: { org: string; name: string; paths: readonly string[]; onClose(): void }): ReactNode {
  const { org, name, paths, onClose } = props;
  return (
    <Dialog
      open
      onClose={onClose}
      width={560}
      title={`${name} is off this hub`}
      text={`Its data and its list of devices stay here. Adding the org ${org} again brings both back.`}
      actions={
        <Button variant="main" onClick={onClose}>
          Close
        </Button>
      }
    >
      <ul aria-label="What stays" className="flex flex-col gap-8">
        {paths.map((path) => (
          <li
            key={path}
            className="flex min-h-32 items-center gap-8 rounded-control border border-border bg-inset pr-4 pl-10"
          >
            <Code className="min-w-0 flex-1 py-6 wrap-anywhere">{path}</Code>
            <CopyButton text={path} label={`Copy ${path}`} size={24} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
