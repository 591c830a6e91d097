import type { AgentView, StationView } from '../../../../src-shared/views/mesh.ts';
import { groupBy } from '../../../data/group-by.ts';

/** One agent name with every station that offers it. */
export interface AgentGroup {
  name: string;
  /** Those that hold the name first, then by state and name of the station. */
  replicas: readonly AgentView[];
  /** The definition that the bare name means. */
  lead: AgentView;
  /** Definitions that share the name, the one that keeps it first; one alone when there is no conflict. */
  definitions: readonly Definition[];
}

/** Replicas with the same definition. */
export interface Definition {
  digest: string;
  holdsName: boolean;
  replicas: readonly AgentView[];
  /** When the first of them offered it, RFC 3339. */
  since: string;
}

const ORDER = { online: 0, late: 1, offline: 2 } as const;

/** Whether another definition holds the bare name of this agent. */
export function isDisplaced(agent: AgentView): boolean {
  return agent.conflict !== undefined && !agent.conflict.holds_name;
}

function compareReplicas(a: AgentView, b: AgentView): number {
  return (
    Number(isDisplaced(a)) - Number(isDisplaced(b)) ||
    ORDER[a.station_status] - ORDER[b.station_status] ||
    a.station_name.localeCompare(b.station_name) ||
    a.station_id.localeCompare(b.station_id)
  );
}

function definitionsOf(replicas: readonly AgentView[]): Definition[] {
  return [...groupBy(replicas, (agent) => agent.digest)].map(([digest, same]) => ({
    digest,
    holdsName: same.some((agent) => !isDisplaced(agent)),
    replicas: same,
    since: same.map((agent) => agent.registered_at).sort()[0] ?? '',
  }));
}

/** Agents by name, in the order of their names. */
export function groupAgents(agents: Iterable<AgentView>): AgentGroup[] {
  return [...groupBy(agents, (agent) => agent.name)]
    .flatMap(([name, unsorted]): AgentGroup[] => {
      const replicas = [...unsorted].sort(compareReplicas);
      const [lead] = replicas;
      return lead === undefined ? [] : [{ name, replicas, lead, definitions: definitionsOf(replicas) }];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether the name means different things on different stations. */
export function isContested(group: AgentGroup): boolean {
  return group.replicas.some(isDisplaced);
}

/** What narrows the list of agents. */
export interface AgentFilter {
  text: string;
  /** Empty for any. */
  capability: string;
  /** The id of a station; empty for any. */
  station: string;
}

/** Whether every word of the filter is in the name, the description, the capabilities or the station of an agent. */
export function matchesFilter(agent: AgentView, { text, capability, station }: AgentFilter): boolean {
  if (capability !== '' && !agent.capabilities.includes(capability)) return false;
  if (station !== '' && agent.station_id !== station) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const all = [agent.name, agent.description, agent.station_name, agent.runner, ...agent.capabilities]
    .join('\n')
    .toLowerCase();
  return words.every((word) => all.includes(word));
}

/** Busy and all slots of the stations that are there. */
export function slotsOf(
  stations: Iterable<StationView | undefined>,
): { busy: number; capacity: number } | undefined {
  let sum: { busy: number; capacity: number } | undefined;
  for (const station of new Set(stations)) {
    if (station === undefined || station.status === 'offline') continue;
    const { running, capacity } = station.load;
    sum = { busy: (sum?.busy ?? 0) + running, capacity: (sum?.capacity ?? 0) + capacity };
  }
  return sum;
}

/** Names as a person lists them: *atlas*, *atlas and forge*, *atlas, forge and 3 more*. */
export function listNames(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}
