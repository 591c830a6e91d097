import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { listOf, useLive, useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { type Command, useCommands } from './commands.ts';
import { InviteLink } from './invite-link.tsx';

/** The command with which another station joins over `url`. */
export function joinCommand(url: string): string {
  return `lattice serve --lattice ${url}`;
}

/** Shows how another machine joins, and opens the hub to the network first when it is not. */
export function InviteDialog(): ReactNode {
  const [open, setOpen] = useState(false);
  const node = useNode();
  const hosts = node?.mode === 'orchestrator';
  const isAdmin = node?.role === 'admin';
  const isMember = node?.mode === 'member';
  const navigate = useNavigate();
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'hub.invite',
        title: 'Invite a machine',
        group: 'Hub',
        disabledReason:
          hosts || isAdmin ? undefined : 'Only the machine that hosts the lattice and admins can invite.',
        run: () => setOpen(true),
      },
      {
        id: 'go.devices',
        title: 'Go to devices',
        group: 'Go to',
        disabledReason: hosts || isMember ? undefined : 'There are devices on a lattice only.',
        run: () => void navigate({ to: '/devices' }),
      },
      {
        id: 'go.guests',
        title: 'Go to guest lattices',
        group: 'Go to',
        disabledReason: hosts ? undefined : 'Only the machine that hosts sees what its hub carries.',
        run: () => void navigate({ to: '/hub/guests' }),
      },
    ],
    [hosts, isAdmin, isMember, navigate],
  );
  useCommands(commands);
  const onClose = () => setOpen(false);
  if (!open) return null;
  return hosts ? <Invitation onClose={onClose} /> : <RemoteInvitation onClose={onClose} />;
}

/** An admin on another machine makes a link; the hub is shared, or this machine were not here. */
function RemoteInvitation({ onClose }: { onClose(): void }): ReactNode {
  return (
    <Dialog
      open
      onClose={onClose}
      width={560}
      title="Invite a machine"
      text="Make a link for one device and send it only to who it is for. The host keeps that you made it."
      actions={
        <Button variant="plain" onClick={onClose}>
          Close
        </Button>
      }
    >
      <InviteLink />
    </Dialog>
  );
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
          ? 'Make a link for one device and send it only to who it is for. On the other machine, choose Join one and paste it.'
          : 'The hub listens on this machine only. To let others join, it opens to your network with TLS, and each device has a key of its own. The hub starts again: direct calls that run here are stopped, work goes on.'
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
      {shared && data !== undefined && <InviteLink addresses={data.addresses} />}
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
