import { Check, KeyRound } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { listOf, useLive, useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { type Command, useCommands } from './commands.ts';

/** The command with which another station joins over `url`. */
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

/** The consequence of closing the hub again, for the stations that are on it over the network. */
function stopWords(others: number): string {
  if (others === 0)
    return 'The hub listens on this machine only from then on. You can share it again at any time.';
  return `${plural(others, 'other station')} ${others === 1 ? 'loses' : 'lose'} the hub until you share it again.`;
}

function Invitation({ onClose }: { onClose(): void }): ReactNode {
  const { mutate, data, error, isPending } = useAction('hub.share');
  const shared = useNode()?.hub?.shared === true;
  const others = listOf(useLive('stations.watch').items).filter(
    (station) => !station.is_self && station.status !== 'offline',
  ).length;
  const [stopping, setStopping] = useState(false);
  useEffect(() => {
    if (shared) mutate({ shared: true });
  }, [shared, mutate]);
  if (stopping)
    return (
      <StopSharing
        others={others}
        busy={isPending}
        onKeep={() => setStopping(false)}
        onStop={() => mutate({ shared: false }, { onSuccess: onClose })}
      />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      width={560}
      title="Invite a machine"
      text={
        shared
          ? 'On the other machine, choose Join a lattice and paste. What you copy here holds the key of this lattice, so send it only to people you trust.'
          : 'The hub listens on this machine only. To let others join, it opens to your network and asks each of them for a key.'
      }
      safe={
        shared &&
        data !== undefined && (
          <Button variant="danger" onClick={() => setStopping(true)}>
            Stop sharing
          </Button>
        )
      }
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            Close
          </Button>
          {!shared && (
            <Button
              variant="main"
              busy={isPending}
              busyLabel="Opening the hub"
              onClick={() => mutate({ shared: true })}
            >
              Open to my network
            </Button>
          )}
        </>
      }
    >
      {error !== null && (
        <p role="alert" className="text-small text-fail">
          {error.message} {error.hint}
        </p>
      )}
      {shared && data !== undefined && <Addresses addresses={data.addresses} />}
    </Dialog>
  );
}

function StopSharing(props: { others: number; busy: boolean; onKeep(): void; onStop(): void }): ReactNode {
  return (
    <Dialog
      open
      onClose={props.onKeep}
      title="Stop sharing this lattice?"
      text={stopWords(props.others)}
      safe={<Button onClick={props.onKeep}>Keep sharing</Button>}
      actions={
        <Button variant="destroy" busy={props.busy} busyLabel="Closing the hub" onClick={props.onStop}>
          Stop sharing
        </Button>
      }
    />
  );
}

function Addresses({ addresses }: { addresses: readonly string[] }): ReactNode {
  if (addresses.length === 0)
    return (
      <p className="text-body text-2">
        This machine has no address on a network. Connect it to one, then open this again.
      </p>
    );
  return (
    <>
      <ul aria-label="Addresses" className="flex flex-col gap-8">
        {addresses.map((address) => (
          <Address key={address} address={address} />
        ))}
      </ul>
      <p className="text-small text-3">
        Without a screen: <Code>lattice serve --lattice</Code> and what you copied.
      </p>
    </>
  );
}

function Address({ address }: { address: string }): ReactNode {
  const copy = useAction('hub.copyJoin');
  return (
    <li className="flex flex-col gap-4">
      <span className="flex min-h-36 items-center gap-8 rounded-control border border-border bg-inset pr-4 pl-10">
        <Code className="min-w-0 flex-1 truncate">{address}</Code>
        <Button
          size="small"
          icon={copy.isSuccess ? Check : KeyRound}
          busy={copy.isPending}
          aria-label={`Copy ${address} with key`}
          onClick={() => copy.mutate({ address })}
        >
          {copy.isSuccess ? 'Copied with key' : 'Copy with key'}
        </Button>
      </span>
      {copy.error !== null && (
        <span role="alert" className="text-small text-fail">
          {copy.error.message} {copy.error.hint}
        </span>
      )}
    </li>
  );
}
