import type { Load, StationManifest, StationStatus } from '../../src-shared/protocol/station.ts';
import type { AgentView, StationView } from '../../src-shared/views/mesh.ts';
import type { AgentChange, AgentGroup, Replica } from './mesh-index.ts';
import type { MeshEventDraft } from './mesh-log.ts';

/** The key of an agent on a station. */
export function agentKey(agent: { station_id: string; name: string }): string {
  return `${agent.station_id}/${agent.name}`;
}

export function nameOf(manifest: StationManifest): { station_id: string; station_name: string } {
  return { station_id: manifest.station_id, station_name: manifest.station_name };
}

/** A station as the window and the command line show it. */
export function stationView(
  known: {
    manifest: StationManifest;
    status: StationStatus;
    statusSince: string;
    load: Load;
    lastHeardAt: number;
  },
  selfId: string | undefined,
): StationView {
  const { manifest } = known;
  return {
    id: manifest.station_id,
    name: manifest.station_name,
    status: known.status,
    status_since: known.statusSince,
    last_heard: new Date(known.lastHeardAt).toISOString(),
    is_self: manifest.station_id === selfId,
    hosts_hub: manifest.hosts_hub,
    version: manifest.version,
    started_at: manifest.started_at,
    platform: manifest.platform,
    load: known.load,
    agent_count: manifest.agents.length,
  };
}

/** An agent on a station, with both sides when its name is contested. */
export function agentView(replica: Replica, group: AgentGroup): AgentView {
  const { facts } = replica.station;
  const conflict = group.contested && facts.active ? conflictOf(replica, group) : undefined;
  return {
    ...replica.agent,
    station_id: facts.id,
    station_name: facts.name,
    station_status: facts.status,
    is_self: facts.isSelf,
    ...(conflict ? { conflict } : {}),
  };
}

function conflictOf(replica: Replica, group: AgentGroup): AgentView['conflict'] {
  const { holder } = group;
  if (!holder) return undefined;
  return {
    holder_station_id: holder.station.facts.id,
    holder_station_name: holder.station.facts.name,
    holder_digest: holder.agent.digest,
    holds_name: !replica.conflicted,
    others: group.replicas
      .filter((other) => other.station.facts.active && other.agent.digest !== replica.agent.digest)
      .map((other) => ({
        station_id: other.station.facts.id,
        station_name: other.station.facts.name,
        digest: other.agent.digest,
      })),
  };
}

/** What a station's new list of agents changed, as events. */
export function agentChangeEvents(manifest: StationManifest, change: AgentChange): MeshEventDraft[] {
  const where = manifest.station_name;
  const event = (kind: MeshEventDraft['kind'], agent: string, detail: string): MeshEventDraft => ({
    kind,
    ...nameOf(manifest),
    agent,
    detail,
  });
  return [
    ...change.added.map(({ name }) => event('agent.registered', name, `${where} offers ${name}.`)),
    ...change.changed.map(({ name }) => event('agent.changed', name, `${name} changed on ${where}.`)),
    ...change.removed.map(({ name }) =>
      event('agent.deregistered', name, `${where} no longer offers ${name}.`),
    ),
  ];
}

/** A replica found its bare name taken by another definition. */
export function conflictEvent(replica: Replica, holder: Replica | undefined): MeshEventDraft {
  const { facts } = replica.station;
  const { name } = replica.agent;
  return {
    kind: 'agent.conflict',
    station_id: facts.id,
    station_name: facts.name,
    agent: name,
    detail:
      `${name} on ${facts.name} is another definition than on ${holder?.station.facts.name ?? 'another station'}, ` +
      `which registered it first. Call it as ${facts.name}/${name}.`,
  };
}
