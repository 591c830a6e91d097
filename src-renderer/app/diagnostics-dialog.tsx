import { useQueryClient } from '@tanstack/react-query';
import { FileArchive } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useAction, useAnswer } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { bytes } from '../ui/format.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { toast, toastError } from '../ui/toast.tsx';
import { type Command, useCommands } from './commands.ts';

/** Shows what diagnostics would hold, and writes them where the person says. */
export function DiagnosticsDialog(): ReactNode {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'help.diagnostics',
        title: 'Export diagnostics',
        group: 'Window',
        icon: FileArchive,
        run: () => {
          client.removeQueries({ queryKey: ['diagnostics.collect'] });
          setOpen(true);
        },
      },
    ],
    [client],
  );
  useCommands(commands);
  return open ? <Export onClose={() => setOpen(false)} /> : null;
}

function Export({ onClose }: { onClose(): void }): ReactNode {
  const found = useAnswer('diagnostics.collect');
  const { mutate, isPending } = useAction('diagnostics.save');
  const save = () =>
    mutate(undefined, {
      onSuccess: ({ path }) => {
        if (path === undefined) return;
        toast({ status: 'completed', title: 'Diagnostics written', text: path });
        onClose();
      },
      onError: (error) => toastError('The diagnostics were not written', error),
    });
  return (
    <Dialog
      open
      onClose={onClose}
      width={560}
      title="Export diagnostics"
      text="One zip that helps to find a fault. It holds no task, no output and no secret. Nothing is sent; you decide who gets it."
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="main"
            disabledReason={found.data === undefined ? 'The files are still collected.' : undefined}
            busy={isPending}
            busyLabel="Saving"
            onClick={save}
          >
            Save as
          </Button>
        </>
      }
    >
      {found.error !== null ? (
        <Failure
          icon={FileArchive}
          title="The diagnostics cannot be collected"
          error={found.error}
          actions={<Button onClick={() => void found.refetch()}>Try again</Button>}
        />
      ) : found.data === undefined ? (
        <Loading label="Collecting" rows={5} />
      ) : (
        <>
          <ul
            aria-label="Files"
            className="max-h-280 overflow-y-auto rounded-card border border-border bg-surface"
          >
            {found.data.files.map((file) => (
              <li key={file.name} className="border-b border-hairline px-12 py-8 last:border-0">
                <div className="flex items-baseline gap-8 text-small">
                  <span className="min-w-0 flex-1 truncate text-1">{file.name}</span>
                  <span className="figures text-3">{bytes(file.bytes)}</span>
                </div>
                <p className="text-small text-3">{file.what}</p>
              </li>
            ))}
          </ul>
          <p className="mt-8 text-small text-3">{bytes(found.data.bytes)} as a zip</p>
        </>
      )}
    </Dialog>
  );
}
