import { LiveMap } from '../../src-shared/live.ts';
import type { Load, StationManifest, StationStatus } from '../../src-shared/protocol/station.ts';
import type { AgentView, StationView } from '../../src-shared/views/mesh.ts';
import { type AgentGroup, MeshIndex, type Replica } from './mesh-index.ts';
import type { MeshEventDraft, MeshLog } from './mesh-log.ts';
import { agentChangeEvents, agentKey, agentView, conflictEvent, nameOf, stationView } from './mesh-views.ts';
import type { MeshTiming } from './timing.ts';

export interface RegistryOptions {
  /** This station's id; an observer has none. */
  selfId?: string;
  timing: MeshTiming;
  log: MeshLog;
  /** A monotonic clock in milliseconds: ages never depend on the clock on the wall. */
  now?: () => number;
}

/** A station as stored: its manifest, and how long ago it was last heard by the hub's clock, in milliseconds. */
export interface StoredStation {
  manifest: StationManifest;
  ageMs: number;
  load?: Load;
}

interface Known {
  manifest: StationManifest;
  heardAt: number;
  status: StationStatus;
  statusSince: string;
  /** The status that was last told as an event; while the connection is lost nothing is told. */
  told: StationStatus;
  load: Load;
}

/** Every station and agent as this observer sees them, fed by stored records and presence; answers from memory. */
export class Registry {
  readonly stations = new LiveMap<StationView>((station) => station.id);
  readonly agents = new LiveMap<AgentView>(agentKey);
  readonly index = new MeshIndex();
  readonly log: MeshLog;
  readonly #selfId: string | undefined;
  readonly #timing: MeshTiming;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  #connected = true;
  #loaded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RegistryOptions) {
    this.log = options.log;
    this.#selfId = options.selfId;
    this.#timing = options.timing;
    this.#now = options.now ?? (() => performance.now());
  }

  get events() {
    return this.log.events;
  }

  /** Begins to judge ages; ends with the returned disposable. */
  start(): Disposable {
    this.#timer = setInterval(() => this.sweep(), this.#timing.sweepMs);
    this.#timer.unref();
    return { [Symbol.dispose]: () => clearInterval(this.#timer) };
  }

  has(stationId: string): boolean {
    return this.#known.has(stationId);
  }

  manifest(stationId: string): StationManifest | undefined {
    return this.#known.get(stationId)?.manifest;
  }

  /** While the connection is lost, stations age on the screen but no event claims that they left. */
  setConnected(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    this.log.tell({
      kind: connected ? 'connection.restored' : 'connection.lost',
      detail: connected ? 'Connected to the hub again.' : 'The connection to the hub was lost.',
    });
  }

  /** Takes over everything that is stored, as one change; what is not stored any more goes. */
  load(stored: readonly StoredStation[]): void {
    const changes = new Changes();
    const ids = new Set(stored.map((item) => item.manifest.station_id));
    for (const id of [...this.#known.keys()])
      if (!ids.has(id) && id !== this.#selfId) this.#remove(id, changes);
    for (const item of stored) this.#upsert(item.manifest, this.#now() - item.ageMs, changes, item.load);
    this.#flush(changes);
    this.#loaded = true;
  }

  /** A station's record as it was announced now, or stored `ageMs` ago without a sign of life since. */
  upsert(manifest: StationManifest, ageMs = 0): void {
    const changes = new Changes();
    this.#upsert(manifest, this.#now() - ageMs, changes);
    this.#flush(changes);
  }

  /** A record changed in the store; that alone is no sign of life of a station that is known. */
  stored(manifest: StationManifest, ageMs: number): void {
    const known = this.#known.get(manifest.station_id);
    const changes = new Changes();
    const heardAt = this.#now() - ageMs;
    this.#upsert(manifest, known ? Math.max(known.heardAt, heardAt) : heardAt, changes);
    this.#flush(changes);
  }

  /** A heartbeat; false when the station is not known yet. */
  heard(stationId: string, load: Load): boolean {
    const known = this.#known.get(stationId);
    if (!known) return false;
    known.heardAt = this.#now();
    known.load = load;
    if (known.manifest.status === 'offline') known.manifest = { ...known.manifest, status: 'online' };
    const changes = new Changes();
    this.#judge(known, changes);
    this.#flush(changes);
    return true;
  }

  /** A fresher load than the last heartbeat's, from an answer of the station. */
  noteLoad(stationId: string, load: Load): void {
    const known = this.#known.get(stationId);
    if (!known) return;
    known.load = load;
    this.#publishFacts(known);
  }

  /** Counts calls of this process that run on a station, so that a burst spreads before the next heartbeat. */
  countInFlight(stationId: string, change: 1 | -1): void {
    this.index.station(stationId)?.countInFlight(change);
  }

  /** A station said that it leaves. */
  left(stationId: string, reason: string | undefined): void {
    const known = this.#known.get(stationId);
    if (!known || known.manifest.status === 'offline') return;
    known.manifest = { ...known.manifest, status: 'offline' };
    const changes = new Changes();
    known.told = 'offline';
    this.#judge(known, changes);
    changes.events.push({
      kind: 'station.left',
      ...nameOf(known.manifest),
      detail: `${known.manifest.station_name} left${reason ? `: ${reason}` : ''}.`,
    });
    this.#flush(changes);
  }

  /** The record of a station was deleted. */
  remove(stationId: string): void {
    const changes = new Changes();
    this.#remove(stationId, changes);
    this.#flush(changes);
  }

  /** Judges every station by the age of its last sign of life. */
  sweep(): void {
    const changes = new Changes();
    for (const known of this.#known.values()) this.#judge(known, changes, true);
    if (changes.stations.size > 0 || changes.events.length > 0) this.#flush(changes);
  }

  #upsert(manifest: StationManifest, heardAt: number, changes: Changes, load = manifest.load): void {
    const id = manifest.station_id;
    const before = this.#known.get(id);
    const known: Known = before ?? {
      manifest,
      heardAt,
      status: 'offline',
      statusSince: new Date().toISOString(),
      told: 'offline',
      load,
    };
    const previous = known.manifest;
    known.manifest = manifest;
    known.heardAt = heardAt;
    known.load = load;
    if (!before) {
      this.#known.set(id, known);
      known.status = this.#statusOf(known);
      known.told = known.status;
      if (this.#loaded && manifest.status === 'online') changes.events.push(joined(manifest));
    } else if (previous.station_name !== manifest.station_name) {
      changes.events.push({
        kind: 'station.renamed',
        ...nameOf(manifest),
        detail: `${previous.station_name} is called ${manifest.station_name} now.`,
      });
    }
    this.#judge(known, changes);
    const change = this.index.setAgents(id, manifest.agents);
    for (const agent of change.removed) changes.gone.add(`${id}/${agent.name}`);
    for (const agent of [...change.added, ...change.changed]) changes.gone.delete(`${id}/${agent.name}`);
    this.#regroup(change.groups, changes);
    for (const agent of [...change.added, ...change.changed]) this.#touch(id, agent.name, changes);
    if (before && this.#loaded) changes.events.push(...agentChangeEvents(manifest, change));
  }

  #remove(id: string, changes: Changes): void {
    const known = this.#known.get(id);
    if (!known) return;
    for (const name of this.index.station(id)?.replicas.keys() ?? []) {
      changes.gone.add(`${id}/${name}`);
      changes.agents.delete(`${id}/${name}`);
    }
    this.#known.delete(id);
    const groups = this.index.remove(id);
    changes.goneStations.add(id);
    changes.stations.delete(id);
    this.#regroup(groups, changes);
    changes.events.push({
      kind: 'station.left',
      ...nameOf(known.manifest),
      detail: `The record of ${known.manifest.station_name} was removed.`,
    });
  }

  /** Sets the status from the facts; with `onlyChanges` an unchanged station costs nothing. */
  #judge(known: Known, changes: Changes, onlyChanges = false): void {
    const status = this.#statusOf(known);
    const turned = status !== known.status;
    if (turned) {
      known.status = status;
      known.statusSince = new Date().toISOString();
    }
    if (this.#connected && known.told !== status) {
      if (this.#loaded) changes.events.push(this.#statusEvent(known, status));
      known.told = status;
    }
    if (onlyChanges && !turned) return;
    const id = known.manifest.station_id;
    const before = this.index.station(id)?.facts;
    const groups = this.#publishFacts(known);
    changes.stations.add(id);
    if (before && (turned || before.name !== known.manifest.station_name))
      for (const name of this.index.station(id)?.replicas.keys() ?? []) this.#touch(id, name, changes);
    this.#regroup(groups, changes);
  }

  #publishFacts(known: Known): AgentGroup[] {
    const { manifest } = known;
    return this.index.setFacts({
      id: manifest.station_id,
      name: manifest.station_name,
      status: known.status,
      active: manifest.status === 'online',
      isSelf: manifest.station_id === this.#selfId,
      load: known.load,
      lastHeardAt: this.#wallTime(known.heardAt),
    });
  }

  #statusOf(known: Known): StationStatus {
    if (known.manifest.status === 'offline') return 'offline';
    const age = this.#now() - known.heardAt;
    if (age <= this.#timing.lateAfterMs) return 'online';
    return age <= this.#timing.offlineAfterMs ? 'late' : 'offline';
  }

  #statusEvent(known: Known, status: StationStatus): MeshEventDraft {
    const name = known.manifest.station_name;
    const seconds = Math.round((this.#now() - known.heardAt) / 1_000);
    const about = nameOf(known.manifest);
    if (status === 'online')
      return { kind: 'station.returned', ...about, detail: `${name} is online again.` };
    const kind = status === 'late' ? 'station.late' : 'station.offline';
    return { kind, ...about, detail: `${name} was last heard ${seconds} s ago.` };
  }

  #regroup(groups: readonly AgentGroup[], changes: Changes): void {
    for (const group of groups) {
      for (const replica of group.replicas) {
        const { id } = replica.station.facts;
        const shown = this.agents.get(`${id}/${replica.agent.name}`);
        const wasConflicted = shown?.conflict?.holds_name === false;
        if (!group.contested && !shown?.conflict) continue;
        this.#touch(id, replica.agent.name, changes);
        if (replica.conflicted && !wasConflicted) changes.conflicts.add(replica);
      }
    }
  }

  #touch(id: string, agent: string, changes: Changes): void {
    changes.agents.set(`${id}/${agent}`, { id, agent });
  }

  #flush(changes: Changes): void {
    const stations: StationView[] = [];
    for (const id of changes.stations) {
      const known = this.#known.get(id);
      if (known)
        stations.push(stationView({ ...known, lastHeardAt: this.#wallTime(known.heardAt) }, this.#selfId));
    }
    const agents: AgentView[] = [];
    for (const { id, agent } of changes.agents.values()) {
      const replica = this.index.station(id)?.replicas.get(agent);
      const group = this.index.agent(agent);
      if (replica && group) agents.push(agentView(replica, group));
    }
    this.stations.apply(stations, [...changes.goneStations]);
    this.agents.apply(agents, [...changes.gone]);
    this.log.tell(...changes.events, ...[...changes.conflicts].map((replica) => this.#conflict(replica)));
  }

  #conflict(replica: Replica): MeshEventDraft {
    return conflictEvent(replica, this.index.agent(replica.agent.name)?.holder);
  }

  #wallTime(monotonic: number): number {
    return Date.now() - (this.#now() - monotonic);
  }
}

/** What one input changed, gathered so that the views tell it once. */
class Changes {
  readonly stations = new Set<string>();
  readonly goneStations = new Set<string>();
  readonly agents = new Map<string, { id: string; agent: string }>();
  readonly gone = new Set<string>();
  readonly conflicts = new Set<Replica>();
  readonly events: MeshEventDraft[] = [];
}

function joined(manifest: StationManifest): MeshEventDraft {
  const count = manifest.agents.length;
  return {
    kind: 'station.joined',
    ...nameOf(manifest),
    detail: `${manifest.station_name} joined with ${count} ${count === 1 ? 'agent' : 'agents'}.`,
  };
}
