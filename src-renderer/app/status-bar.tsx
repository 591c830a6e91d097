import { useNavigate } from '@tanstack/react-router';
import { House, Laptop, Network } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConnectionView, Mode } from '../../src-shared/views/node.ts';
import { useApprovals } from '../data/approvals.ts';
import { useLivePart, useNode } from '../data/live.ts';
import { useWorkCounts, useWorkGroup } from '../data/works.ts';
import { clock, count, milliseconds } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Icon, type IconType } from '../ui/icon.tsx';
import type { Status } from '../ui/status.ts';
import { openApproval } from '../views/approvals/approval-state.ts';
import { meshTotals } from './mesh-totals.ts';
import { ProblemSegment } from './problem-segment.tsx';
import { StatusFrame, StatusSegment } from './status-segment.tsx';

const MODES: Record<Mode, { word: string; icon: IconType }> = {
  orchestrator: { word: 'Hosting', icon: House },
  member: { word: 'Joined', icon: Network },
  standalone: { word: 'This machine', icon: Laptop },
  idle: { word: 'Not connected', icon: Laptop },
};

const CONNECTION_STATUS: Record<ConnectionView['state'], Status> = {
  connected: 'online',
  connecting: 'running',
  reconnecting: 'late',
  disconnected: 'offline',
  failed: 'failed',
};

function HubWords({ connection }: { connection: ConnectionView }): ReactNode {
  const address = <span className="truncate font-mono text-mono-small text-2">{connection.url}</span>;
  switch (connection.state) {
    case 'connected':
      return (
        <>
          {address}
          {connection.rtt_ms !== undefined && (
            <span className="text-3">{milliseconds(connection.rtt_ms)}</span>
          )}
        </>
      );
    case 'connecting':
      return <>Connecting {address}</>;
    case 'reconnecting':
      return (
        <span>
          Hub lost at {clock(connection.since, true)}, attempt {connection.attempt}
        </span>
      );
    case 'failed':
      return <span className="truncate">{connection.error?.message ?? 'The hub cannot be reached'}</span>;
    case 'disconnected':
      return <span className="text-3">Not connected</span>;
  }
}

function stationsStatus(totals: { late: number; offline: number; online: number }): Status {
  if (totals.late > 0 || (totals.offline > 0 && totals.online > 0)) return 'late';
  return totals.online > 0 ? 'online' : 'offline';
}

/** How much waits for a person; it opens the first of it. */
function NeedsYouSegment(): ReactNode {
  const navigate = useNavigate();
  const [work, ...works] = useWorkGroup('needs_you');
  const [approval, ...approvals] = useApprovals();
  if (work === undefined && approval === undefined) return null;
  const waiting =
    [work, approval].filter((each) => each !== undefined).length + works.length + approvals.length;
  const open = () => {
    if (approval !== undefined) openApproval(approval.id);
    else if (work !== undefined) void navigate({ to: '/work/$workId', params: { workId: work.id } });
  };
  return (
    <StatusSegment label="Open the first of them" onOpen={open}>
      <Glyph status="escalated" size={12} />
      {count(waiting)} {waiting === 1 ? 'needs' : 'need'} you
    </StatusSegment>
  );
}

/** The state of everything in one line; each part opens its view. */
export function StatusBar(): ReactNode {
  const node = useNode();
  const totals = useLivePart('stations.watch', (state) => meshTotals(state.items.values()));
  const works = useWorkCounts();
  const navigate = useNavigate();
  if (node === undefined) return <StatusFrame left={undefined} right={undefined} />;
  const mode = MODES[node.mode];
  const open = (to: '/hub' | '/stations' | '/overview' | '/work' | '/settings') => () =>
    void navigate({ to });
  return (
    <StatusFrame
      left={
        <>
          <StatusSegment label="Open Settings" onOpen={open('/settings')}>
            <Icon icon={mode.icon} size={13} className="text-3" />
            {mode.word}
          </StatusSegment>
          {node.mode !== 'idle' && (
            <StatusSegment label="Open Overview" onOpen={open('/overview')}>
              <span className="font-medium text-1">{node.lattice_name}</span>
            </StatusSegment>
          )}
          {node.mode !== 'idle' && (
            <StatusSegment label="Open Hub" onOpen={open('/hub')}>
              <Glyph status={CONNECTION_STATUS[node.connection.state]} size={12} />
              <HubWords connection={node.connection} />
            </StatusSegment>
          )}
        </>
      }
      right={
        <>
          <StatusSegment label="Open Stations" onOpen={open('/stations')}>
            <Glyph status={stationsStatus(totals)} size={12} />
            {totals.online} of {totals.stations} stations online
          </StatusSegment>
          <StatusSegment label="Open Work" onOpen={open('/work')}>
            <Glyph status={works.running > 0 ? 'running' : 'queued'} size={12} />
            {count(works.running)} running{works.queued > 0 && ` · ${count(works.queued)} queued`}
          </StatusSegment>
          <NeedsYouSegment />
          {node.problems.length > 0 && <ProblemSegment problems={node.problems} />}
        </>
      }
    />
  );
}
