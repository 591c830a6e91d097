import { LatticeError } from '../src-shared/errors.ts';
import type { ConnectionView, HubView, Mode, NodeView, Problem } from '../src-shared/views/node.ts';
import type { Membership } from './access/membership.ts';
import type { StationConfig } from './config/setting-table.ts';
import type { NodeFile } from './config/station-home.ts';
import type { HostedHub } from './hosted-hub.ts';
import { inWordsOfJoining } from './joining.ts';
import type { MeshObserver } from './mesh/mesh.ts';
import { processSecrets } from './secrets/process-secrets.ts';
import type { StationProject } from './station-project.ts';
import { VERSION } from './version.ts';

export interface NodeFacts {
  mode: Mode;
  config: StationConfig;
  /** The lattice that let this station in by a link, while it is on it. */
  membership: Membership | undefined;
  project: Pick<StationProject, 'dir' | 'identity' | 'catalog'>;
  connection: ConnectionView | undefined;
  host: HostedHub | undefined;
  mesh: Pick<MeshObserver, 'problems'> | undefined;
}

const startedAt = new Date().toISOString();

/** One node as the window and `lattice status` show it. */
export function renderNode(facts: NodeFacts): NodeView {
  const { config, membership, project, host } = facts;
  const connection = membership === undefined ? facts.connection : asMember(facts.connection);
  const hub = host?.hub.view.value;
  const problems = [
    project.catalog.problems.value,
    host?.problems.snapshot(),
    facts.mesh?.problems.snapshot(),
  ];
  return {
    mode: facts.mode,
    lattice_name: membership?.lattice ?? config.lattice_name,
    org: membership?.org ?? config.org,
    ...(membership === undefined ? {} : { role: membership.role }),
    station_id: project.identity.id,
    station_name: config.station_name,
    person: config.station_name,
    version: VERSION,
    project_dir: project.dir,
    connection: connection ?? { state: 'disconnected', since: startedAt, attempt: 0 },
    ...(hub === undefined ? {} : { hub }),
    problems: processSecrets.redactAll([
      ...hubProblems(hub),
      ...connectionProblems(connection, hub),
      ...problems.flatMap((some) => some ?? []),
    ]),
  };
}

/** A station that came by a link hears of its access, not of a key that nobody but a host of its own hub knows. */
function asMember(connection: ConnectionView | undefined): ConnectionView | undefined {
  if (connection?.state !== 'failed' || connection.error === undefined) return connection;
  const error = inWordsOfJoining(LatticeError.fromShape(connection.error));
  return { ...connection, error: error.toShape() };
}

/** What the command line on this machine needs to speak to the lattice as this node does; it holds no secret. */
export function nodeFileOf(
  view: NodeView,
  {
    url,
    auth,
    tls,
    lender,
    inboxPrefix,
  }: Pick<NodeFile, 'url' | 'auth' | 'tls' | 'lender'> & { inboxPrefix?: string | undefined },
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
    ...(inboxPrefix === undefined ? {} : { inbox_prefix: inboxPrefix }),
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
