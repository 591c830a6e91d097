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

/** A station in the index, with what routing compares kept ready: it looks at a thousand of them per call. */
export class StationEntry {
  readonly replicas = new Map<string, Replica>();
  #facts: StationFacts;
  #inFlight = 0;
  #busy = 0;
  #pressure = 0;

  constructor(facts: StationFacts) {
    this.#facts = facts;
    this.#weigh();
  }

  get facts(): StationFacts {
    return this.#facts;
  }

  set facts(facts: StationFacts) {
    this.#facts = facts;
    this.#weigh();
  }

  /** Runs it carries: as reported, or calls of this process on their way when those are more. */
  get busy(): number {
    return this.#busy;
  }

  /** Runs and queue as a share of its slots. */
  get pressure(): number {
    return this.#pressure;
  }

  get hasRoom(): boolean {
    return this.#busy < this.#facts.load.capacity;
  }

  countInFlight(change: 1 | -1): void {
    this.#inFlight = Math.max(0, this.#inFlight + change);
    this.#weigh();
  }

  #weigh(): void {
    const { running, capacity, queued } = this.#facts.load;
    this.#busy = Math.max(running, this.#inFlight);
    this.#pressure = capacity > 0 ? (this.#busy + queued) / capacity : Number.MAX_SAFE_INTEGER;
  }
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

  /** Puts a station in or replaces its facts; returns the names that are or were contested because of it. */
  setFacts(facts: StationFacts): AgentGroup[] {
    const entry = this.stations.get(facts.id);
    if (!entry) {
      const made = new StationEntry(facts);
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

  /** Replaces what a known station offers; `groups` are the names that are or were contested because of it. */
  setAgents(id: string, agents: readonly AgentInfo[]): AgentChange & { groups: AgentGroup[] } {
    const change: AgentChange = { added: [], changed: [], removed: [] };
    const entry = this.stations.get(id);
    if (!entry) return { ...change, groups: [] };
    const wanted = new Map(agents.map((agent) => [agent.name, agent]));
    const touched = new Set<string>();
    const settled = new Set<string>();
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
      if (this.#add(entry, agent) && !touched.has(name)) settled.add(name);
      touched.add(name);
    }
    for (const name of settled) touched.delete(name);
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

  /** True when the new replica changes nothing for the others of its name. */
  #add(entry: StationEntry, agent: AgentInfo): boolean {
    const replica: Replica = {
      station: entry,
      agent,
      registeredAt: Date.parse(agent.registered_at),
      conflicted: false,
    };
    entry.replicas.set(agent.name, replica);
    for (const capability of new Set(agent.capabilities)) {
      const list = this.#byCapability.get(capability);
      if (list) list.push(replica);
      else this.#byCapability.set(capability, [replica]);
    }
    const group = this.#groups.get(agent.name);
    if (!group) {
      this.#groups.set(agent.name, { replicas: [replica], holder: replica, contested: false });
      return true;
    }
    group.replicas.push(replica);
    return joinsQuietly(group, replica);
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
      const wasContested = group.contested;
      settleGroup(group);
      if (wasContested || group.contested) groups.push(group);
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

/** Takes one more replica of the same definition without looking at all of them again. */
function joinsQuietly(group: AgentGroup, replica: Replica): boolean {
  const { holder } = group;
  if (!holder?.station.facts.active || !replica.station.facts.active) return false;
  if (group.contested || holder.agent.digest !== replica.agent.digest) return false;
  if (isOlder(replica, holder)) group.holder = replica;
  return true;
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
