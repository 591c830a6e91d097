import { useNavigate } from '@tanstack/react-router';
import { IdCard, KeyRound, ListChecks, LogOut, RadioTower, Server } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { NodeView } from '../../../src-shared/views/node.ts';
import { runCommand } from '../../app/commands.ts';
import { HubCheckDialog } from '../../app/hub-check-dialog.tsx';
import { useLivePart } from '../../data/live.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { milliseconds } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import type { Status } from '../../ui/status.ts';
import { Time } from '../../ui/time.tsx';
import { SummaryFact, SummaryLine } from './hub-summary.tsx';

const CONNECTION: Readonly<Record<NodeView['connection']['state'], { status: Status; word: string }>> = {
  connected: { status: 'online', word: 'Connected' },
  connecting: { status: 'running', word: 'Connecting' },
  reconnecting: { status: 'late', word: 'Reconnecting' },
  disconnected: { status: 'offline', word: 'Not connected' },
  failed: { status: 'failed', word: 'Failed' },
};

/** The hub of a lattice that another machine hosts: where it is, and how this machine reaches it. */
export function HubElsewhere({ node }: { node: NodeView }): ReactNode {
  const { connection } = node;
  const navigate = useNavigate();
  const [checking, setChecking] = useState(false);
  const host = useLivePart('stations.watch', ({ items }) =>
    [...items.values()].find((station) => station.hosts_hub && !station.is_self),
  );
  const { status, word } = CONNECTION[connection.state];
  return (
    <Page
      title="Hub"
      badge={<Badge status={status} word={word} />}
      meta={<Time at={connection.since} as="exact-age" />}
      actions={
        <>
          <Button icon={ListChecks} onClick={() => setChecking(true)}>
            Check
          </Button>
          {(node.role === 'admin' || node.role === 'auditor') && (
            <Button icon={KeyRound} onClick={() => void runCommand('go.devices')}>
              Devices
            </Button>
          )}
          {node.role !== undefined && (
            <Button icon={IdCard} onClick={() => void navigate({ to: '/settings' })}>
              This device
            </Button>
          )}
          <Button icon={LogOut} onClick={() => void runCommand('node.leave')}>
            Leave this lattice
          </Button>
        </>
      }
    >
      {checking && <HubCheckDialog onClose={() => setChecking(false)} />}
      <SummaryLine>
        {connection.url !== undefined && (
          <SummaryFact name="Address">
            <span className="font-mono text-mono-small">{connection.url}</span>
            <CopyButton text={connection.url} label="Copy the address" />
          </SummaryFact>
        )}
        {host !== undefined && <SummaryFact name="Hosted by">{host.name}</SummaryFact>}
        {connection.server_version !== undefined && (
          <SummaryFact name="Server">nats-server {connection.server_version}</SummaryFact>
        )}
        {connection.rtt_ms !== undefined && (
          <SummaryFact name="Round trip">
            <span className="figures">{milliseconds(connection.rtt_ms)}</span>
          </SummaryFact>
        )}
      </SummaryLine>
      <Empty
        icon={RadioTower}
        title={host === undefined ? 'The hub runs elsewhere' : `The hub runs on ${host.name}`}
        text="Its figures, its log and its switches are in the window of the machine that hosts it. This machine is a station on it."
        actions={
          host !== undefined && (
            <Button
              variant="main"
              icon={Server}
              onClick={() => void navigate({ to: '/stations/$stationId', params: { stationId: host.id } })}
            >
              Open {host.name}
            </Button>
          )
        }
      />
    </Page>
  );
}
