import type { AgentView, StationView } from '../../../../src-shared/views/mesh.ts';
import { groupBy } from '../../../data/group-by.ts';
import { type AgentGroup, groupAgents, isContested } from './agent-groups.ts';

/** One row of the list of agents. */
export type AgentRow =
  | { kind: 'group'; key: string; group: AgentGroup; folded: boolean }
  | { kind: 'replica'; key: string; agent: AgentView; contested: boolean }
  | { kind: 'conflict'; key: string; group: AgentGroup }
  | {
      kind: 'station';
      key: string;
      id: string;
      name: string;
      station: StationView | undefined;
      agents: number;
      folded: boolean;
    }
  | { kind: 'offer'; key: string; agent: AgentView };

const ORDER = { online: 0, late: 1, offline: 2 } as const;

/**
 * Rows of the list by agent: each name, its replicas, and both sides of a conflict. An agent on one station is folded
 * until its key is in `toggled`, others are open until theirs is.
 */
export function rowsByAgent(agents: Iterable<AgentView>, toggled: ReadonlySet<string>): AgentRow[] {
  return groupAgents(agents).flatMap((group): AgentRow[] => {
    const key = `agent ${group.name}`;
    const contested = isContested(group);
    const folded = (group.replicas.length === 1) !== toggled.has(key);
    const head: AgentRow = { kind: 'group', key, group, folded };
    if (folded) return [head];
    return [
      head,
      ...group.replicas.map(
        (agent): AgentRow => ({
          kind: 'replica',
          key: `${agent.name} ${agent.station_id}`,
          agent,
          contested,
        }),
      ),
      ...(contested ? [{ kind: 'conflict', key: `conflict ${group.name}`, group } as const] : []),
    ];
  });
}

/** Rows of the list by station: each station with what it offers, open until its key is in `toggled`. */
export function rowsByStation(
  agents: Iterable<AgentView>,
  stations: ReadonlyMap<string, StationView>,
  toggled: ReadonlySet<string>,
): AgentRow[] {
  const heads = [...groupBy(agents, (agent) => agent.station_id)].flatMap(([id, offers]) => {
    const [first] = offers;
    return first === undefined
      ? []
      : [{ id, offers, status: first.station_status, name: first.station_name }];
  });
  heads.sort((a, b) => ORDER[a.status] - ORDER[b.status] || a.name.localeCompare(b.name));
  return heads.flatMap(({ id, name, offers }): AgentRow[] => {
    const key = `station ${id}`;
    const folded = toggled.has(key);
    const head: AgentRow = {
      kind: 'station',
      key,
      id,
      name,
      station: stations.get(id),
      agents: offers.length,
      folded,
    };
    if (folded) return [head];
    const sorted = [...offers].sort((a, b) => a.name.localeCompare(b.name));
    return [head, ...sorted.map((agent): AgentRow => ({ kind: 'offer', key: `${agent.name} ${id}`, agent }))];
  });
}

/** The row that stands for what is chosen: the replica when a station is, else the group or the first replica. */
export function keyOfChoice(
  rows: readonly AgentRow[],
  agent: string | undefined,
  station: string | undefined,
): string | undefined {
  if (agent === undefined) return undefined;
  const has = (key: string) => (rows.some((row) => row.key === key) ? key : undefined);
  const replica = station === undefined ? undefined : has(`${agent} ${station}`);
  const offer = rows.find((row) => row.kind === 'offer' && row.agent.name === agent);
  return replica ?? has(`agent ${agent}`) ?? offer?.key;
}
