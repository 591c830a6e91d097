import type { ConnectionView, HubView, Mode, NodeView, Problem } from '../src-shared/views/node.ts';
import type { Membership } from './access/membership.ts';
import type { StationConfig } from './config/setting-table.ts';
import type { NodeFile } from './config/station-home.ts';
import { processSecrets } from './secrets/process-secrets.ts';
import { VERSION } from './version.ts';

export interface NodeFacts {
  mode: Mode;
  config: StationConfig;
  /** The lattice that let this station in by a link, while it is on it. */
  membership: Membership | undefined;
  projectDir: string;
  /** Who works here, as works name them. */
  person: string;
  stationId: string;
  connection: ConnectionView | undefined;
  hub: HubView | undefined;
  problems: readonly Problem[];
}

const startedAt = new Date().toISOString();

/** One node as the window and `lattice status` show it. */
export function renderNode(facts: NodeFacts): NodeView {
  const { config, connection, hub, membership } = facts;
  return {
    mode: facts.mode,
    lattice_name: membership?.lattice ?? config.lattice_name,
    org: membership?.org ?? config.org,
    ...(membership === undefined ? {} : { role: membership.role }),
    station_id: facts.stationId,
    station_name: config.station_name,
    person: facts.person,
    version: VERSION,
    project_dir: facts.projectDir,
    connection: connection ?? { state: 'disconnected', since: startedAt, attempt: 0 },
    ...(hub === undefined ? {} : { hub }),
    problems: processSecrets.redactAll([
      ...hubProblems(hub),
      ...connectionProblems(connection, hub),
      ...facts.problems,
    ]),
  };
}

/** What the command line on this machine needs to speak to the lattice as this node does; it holds no secret. */
export function nodeFileOf(
  view: NodeView,
  { url, auth, tls, lender }: Pick<NodeFile, 'url' | 'auth' | 'tls' | 'lender'>,
): NodeFile {
  const { org, mode, station_id, station_name, project_dir } = view;
  return {
    url,
    org,
    mode: mode === 'idle' ? 'member' : mode,
    station_id,
    station_name,
    project_dir,
    started_at: new Date().toISOString(),
    auth,
    ...(lender === undefined ? {} : { lender }),
    tls,
  };
}

function hubProblems(hub: HubView | undefined): Problem[] {
  if (hub === undefined) return [];
  const notices = hub.notices.map(
    (notice): Problem => ({
      id: `hub-${notice}`,
      severity: 'warning',
      title: notice,
      detail: '',
      area: 'hub',
      since: hub.since,
    }),
  );
  if (hub.state !== 'failed') return notices;
  const detail = hub.error?.message ?? 'It ended again and again.';
  return [
    {
      id: 'hub-failed',
      severity: 'error',
      title: 'The hub does not run',
      detail,
      area: 'hub',
      since: hub.since,
    },
    ...notices,
  ];
}

function connectionProblems(connection: ConnectionView | undefined, hub: HubView | undefined): Problem[] {
  if (connection === undefined || (connection.state !== 'reconnecting' && connection.state !== 'failed'))
    return [];
  if (hub?.state === 'stopped' || hub?.state === 'failed') return [];
  return [
    {
      id: 'connection-lost',
      severity: connection.state === 'failed' ? 'error' : 'warning',
      title: connection.state === 'failed' ? 'The hub refuses this machine' : 'The hub does not answer',
      detail: connection.error?.message ?? `We try again, attempt ${connection.attempt}.`,
      area: 'connection',
      since: connection.since,
    },
  ];
}
