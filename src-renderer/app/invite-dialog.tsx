import { type ReactNode, useMemo, useState } from 'react';
import { useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { CommandLine } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { type Command, useCommands } from './commands.ts';

/** The command with which another machine joins over `url`. */
export function joinCommand(url: string): string {
  return `lattice serve --lattice ${url}`;
}

/** Shows how another machine joins, and opens the hub to the network first when it is not. */
export function InviteDialog(): ReactNode {
  const [open, setOpen] = useState(false);
  const hosts = useNode()?.mode === 'orchestrator';
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'hub.invite',
        title: 'Invite a machine',
        group: 'Hub',
        disabledReason: hosts ? undefined : 'Only the machine that hosts the lattice can invite.',
        run: () => setOpen(true),
      },
    ],
    [hosts],
  );
  useCommands(commands);
  return open ? <Invitation onClose={() => setOpen(false)} /> : null;
}

function Invitation({ onClose }: { onClose(): void }): ReactNode {
  const share = useAction('hub.share');
  const shared = useNode()?.hub?.shared === true;
  const urls = share.data?.urls;
  return (
    <Dialog
      open
      onClose={onClose}
      width={560}
      title="Invite a machine"
      text={
        shared
          ? 'Run one of these on the other machine. The address holds the key of this lattice, so send it only to people you trust.'
          : 'The hub listens on this machine only. To let others join, it opens to your network and asks each of them for a key.'
      }
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            Close
          </Button>
          {urls === undefined && (
            <Button
              variant="main"
              busy={share.isPending}
              busyLabel="Opening the hub"
              onClick={() => share.mutate({ shared: true })}
            >
              {shared ? 'Show the command' : 'Open to my network'}
            </Button>
          )}
        </>
      }
    >
      {share.error !== null && (
        <p role="alert" className="text-small text-fail">
          {share.error.message} {share.error.hint}
        </p>
      )}
      {urls?.map((url) => (
        <CommandLine key={url} command={joinCommand(url)} />
      ))}
    </Dialog>
  );
}
