import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import type { Load, StationStatus } from '../../src-shared/protocol/station.ts';

/** What routing needs to know of a station; replaced as a whole when it changes, so an old one stays a true snapshot. */
export interface StationFacts {
  readonly id: string;
  readonly name: string;
  readonly status: StationStatus;
  /** False once the station said goodbye or its record says offline: it holds no agent names then. */
  readonly active: boolean;
  readonly isSelf: boolean;
  readonly load: Load;
  /** When this observer last heard of it, in milliseconds of the epoch, for people to read. */
  readonly lastHeardAt: number | undefined;
}

/** A station in the index; `inFlight` are calls of this process that its reported load may not show yet. */
export interface StationEntry {
  facts: StationFacts;
  inFlight: number;
  readonly replicas: Map<string, Replica>;
}

/** One agent on one station. `conflicted` is set while another definition holds the bare name. */
export interface Replica {
  readonly station: StationEntry;
  readonly agent: AgentInfo;
  readonly registeredAt: number;
  conflicted: boolean;
}

/** Every replica of one agent name and who holds it; `contested` when there are two definitions. */
export interface AgentGroup {
  readonly replicas: Replica[];
  holder: Replica | undefined;
  contested: boolean;
}

/** What one change of an agent list did, by agent name. */
export interface AgentChange {
  added: AgentInfo[];
  changed: AgentInfo[];
  removed: AgentInfo[];
}

/** Stations and agents in memory, by id, by name and by capability; answers without a scan over the lattice. */
export class MeshIndex {
  readonly stations = new Map<string, StationEntry>();
  readonly #byName = new Map<string, Set<StationEntry>>();
  readonly #groups = new Map<string, AgentGroup>();
  readonly #byCapability = new Map<string, Replica[]>();

  station(id: string): StationEntry | undefined {
    return this.stations.get(id);
  }

  /** Stations of one name; more than one is possible, names are free. */
  stationsNamed(name: string): readonly StationEntry[] {
    return [...(this.#byName.get(name) ?? [])];
  }

  agent(name: string): AgentGroup | undefined {
    return this.#groups.get(name);
  }

  offering(capability: string): readonly Replica[] {
    return this.#byCapability.get(capability) ?? [];
  }

  /** Puts a station in or replaces its facts; returns the groups in which the holder may have changed. */
  setFacts(facts: StationFacts): AgentGroup[] {
    const entry = this.stations.get(facts.id);
    if (!entry) {
      const made = { facts, inFlight: 0, replicas: new Map() };
      this.stations.set(facts.id, made);
      this.#nameSet(facts.name).add(made);
      return [];
    }
    const before = entry.facts;
    entry.facts = facts;
    if (before.name !== facts.name) {
      this.#unname(before.name, entry);
      this.#nameSet(facts.name).add(entry);
    }
    return before.active === facts.active ? [] : this.#settle(entry.replicas.keys());
  }

  /** Replaces what a known station offers; `groups` are those to look at again. */
  setAgents(id: string, agents: readonly AgentInfo[]): AgentChange & { groups: AgentGroup[] } {
    const change: AgentChange = { added: [], changed: [], removed: [] };
    const entry = this.stations.get(id);
    if (!entry) return { ...change, groups: [] };
    const wanted = new Map(agents.map((agent) => [agent.name, agent]));
    const touched = new Set<string>();
    for (const [name, replica] of entry.replicas) {
      const next = wanted.get(name);
      if (next && sameAgent(next, replica.agent)) {
        wanted.delete(name);
        continue;
      }
      this.#drop(replica);
      touched.add(name);
      if (!next) change.removed.push(replica.agent);
    }
    for (const [name, agent] of wanted) {
      (touched.has(name) ? change.changed : change.added).push(agent);
      this.#add(entry, agent);
      touched.add(name);
    }
    return { ...change, groups: this.#settle(touched) };
  }

  /** Takes a station out with all it offered. */
  remove(id: string): AgentGroup[] {
    const entry = this.stations.get(id);
    if (!entry) return [];
    const { groups } = this.setAgents(id, []);
    this.#unname(entry.facts.name, entry);
    this.stations.delete(id);
    return groups;
  }

  #add(entry: StationEntry, agent: AgentInfo): void {
    const replica: Replica = {
      station: entry,
      agent,
      registeredAt: Date.parse(agent.registered_at),
      conflicted: false,
    };
    entry.replicas.set(agent.name, replica);
    const group = this.#groups.get(agent.name);
    if (group) group.replicas.push(replica);
    else this.#groups.set(agent.name, { replicas: [replica], holder: undefined, contested: false });
    for (const capability of new Set(agent.capabilities)) {
      const list = this.#byCapability.get(capability);
      if (list) list.push(replica);
      else this.#byCapability.set(capability, [replica]);
    }
  }

  #drop(replica: Replica): void {
    const { name, capabilities } = replica.agent;
    replica.station.replicas.delete(name);
    const group = this.#groups.get(name);
    if (group) take(group.replicas, replica);
    for (const capability of new Set(capabilities)) {
      const list = this.#byCapability.get(capability) ?? [];
      take(list, replica);
      if (list.length === 0) this.#byCapability.delete(capability);
    }
  }

  #settle(names: Iterable<string>): AgentGroup[] {
    const groups: AgentGroup[] = [];
    for (const name of names) {
      const group = this.#groups.get(name);
      if (!group) continue;
      if (group.replicas.length === 0) this.#groups.delete(name);
      settleGroup(group);
      groups.push(group);
    }
    return groups;
  }

  #nameSet(name: string): Set<StationEntry> {
    const set = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, set);
    return set;
  }

  #unname(name: string, entry: StationEntry): void {
    const set = this.#byName.get(name);
    set?.delete(entry);
    if (set?.size === 0) this.#byName.delete(name);
  }
}

/**
 * Says who holds a name, the same on every observer: among stations whose record says online, the oldest registration,
 * and of equal ones the lower station id. Another digest than the holder's is in conflict.
 */
function settleGroup(group: AgentGroup): void {
  const active = group.replicas.filter((replica) => replica.station.facts.active);
  let holder: Replica | undefined;
  for (const replica of active.length > 0 ? active : group.replicas)
    if (!holder || isOlder(replica, holder)) holder = replica;
  group.holder = holder;
  group.contested = false;
  for (const replica of group.replicas) {
    replica.conflicted = replica.station.facts.active && replica.agent.digest !== holder?.agent.digest;
    if (replica.conflicted) group.contested = true;
  }
}

function isOlder(a: Replica, b: Replica): boolean {
  if (a.registeredAt !== b.registeredAt) return a.registeredAt < b.registeredAt;
  return a.station.facts.id < b.station.facts.id;
}

function sameAgent(a: AgentInfo, b: AgentInfo): boolean {
  return a === b || (a.digest === b.digest && JSON.stringify(a) === JSON.stringify(b));
}

function take<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
