import { LatticeError } from '../../src-shared/errors.ts';
import type { RouteCandidate } from '../../src-shared/views/mesh.ts';
import type { MeshIndex, Replica, StationEntry } from './mesh-index.ts';

/**
 * Whom a call is for: an agent by bare name or as `station/agent`, or any agent with a capability;
 * `station` is an id or a name that only one station has.
 */
export type RouteQuery =
  | { agent: string; station?: string | undefined }
  | { capability: string; station?: string | undefined };

export interface RouteTarget {
  readonly stationId: string;
  readonly stationName: string;
  readonly agent: string;
  readonly isSelf: boolean;
}

/** A decision. `candidates` says why each was or was not taken, as things stand when it is read first: read it at once. */
export interface Route {
  readonly choice: RouteTarget;
  readonly candidates: RouteCandidate[];
}

/** Stations that were tried already, with the reason they are passed over. */
export type Excluded = ReadonlyMap<string, string>;

const NONE: Excluded = new Map();
const LISTED = 100;

/**
 * Chooses where a call goes: the station asked for, else this station when it has a free slot, else the online
 * replica with the lowest load (then cpu, then id). Late stations count only when none is online.
 * @throws LatticeError `no_candidate` with every candidate and its reason, `conflict` for a station name that
 * several have, `not_found` for a station nobody knows.
 */
export function route(index: MeshIndex, query: RouteQuery, excluded: Excluded = NONE): Route {
  const asked = 'agent' in query ? splitAddress(query) : query;
  const what = 'agent' in asked ? asked.agent : asked.capability;
  const byCapability = !('agent' in asked);
  const station = asked.station === undefined ? undefined : findStation(index, asked.station);
  const pool = byCapability ? index.offering(what) : (index.agent(what)?.replicas ?? []);
  let local: Replica | undefined;
  let online: Replica | undefined;
  let late: Replica | undefined;
  let count = 0;
  // One pass without an object per replica: a name can have a thousand of them.
  for (const replica of pool) {
    const { facts } = replica.station;
    if (facts.status === 'offline' || (excluded.size > 0 && excluded.has(facts.id))) continue;
    if (station ? replica.station !== station : replica.conflicted && !byCapability) continue;
    if (facts.status === 'late') {
      if (!late || isLighter(replica, late)) late = replica;
      continue;
    }
    count++;
    if (facts.isSelf && replica.station.hasRoom && (!local || isLighter(replica, local))) local = replica;
    if (!online || isLighter(replica, online)) online = replica;
  }
  const chosen = local ?? online ?? late;
  const decision: Decision = { what, byCapability, station, excluded, pool, chosen, count };
  if (!chosen) throw noCandidate(index, decision);
  const { facts } = chosen.station;
  let candidates: RouteCandidate[] | undefined;
  return {
    choice: { stationId: facts.id, stationName: facts.name, agent: chosen.agent.name, isSelf: facts.isSelf },
    get candidates() {
      candidates ??= explain(decision);
      return candidates;
    },
  };
}

interface Decision {
  what: string;
  byCapability: boolean;
  station: StationEntry | undefined;
  excluded: Excluded;
  pool: readonly Replica[];
  chosen: Replica | undefined;
  /** Online replicas that could have been taken. */
  count: number;
}

function splitAddress(query: { agent: string; station?: string | undefined }) {
  const slash = query.agent.lastIndexOf('/');
  if (slash < 0) return query;
  const station = query.agent.slice(0, slash);
  if (query.station !== undefined && query.station !== station) {
    throw new LatticeError('invalid_input', `${query.agent} names another station than ${query.station}.`, {
      hint: 'Give the station once.',
    });
  }
  return { agent: query.agent.slice(slash + 1), station };
}

function findStation(index: MeshIndex, asked: string): StationEntry {
  const byId = index.station(asked);
  if (byId) return byId;
  const [first, ...others] = index.stationsNamed(asked);
  if (!first) {
    throw new LatticeError('not_found', `No station ${asked} is known on this lattice.`, {
      hint: 'lattice stations lists all of them.',
    });
  }
  if (others.length === 0) return first;
  throw new LatticeError('conflict', `${others.length + 1} stations are called ${asked}.`, {
    hint: 'Use the station id.',
    details: { stations: [first, ...others].map((entry) => entry.facts.id) },
  });
}

function isLighter(a: Replica, b: Replica): boolean {
  const difference = a.station.pressure - b.station.pressure;
  if (difference !== 0) return difference < 0;
  const [x, y] = [a.station.facts, b.station.facts];
  if (x.load.cpu !== y.load.cpu) return x.load.cpu < y.load.cpu;
  return x.id === y.id ? a.agent.name < b.agent.name : x.id < y.id;
}

function explain(decision: Decision): RouteCandidate[] {
  return decision.pool.map((replica) => {
    const { facts } = replica.station;
    const chosen = replica === decision.chosen;
    return {
      station_id: facts.id,
      station_name: facts.name,
      agent: replica.agent.name,
      chosen,
      reason: chosen ? whyTaken(replica.station, decision) : whyPassed(replica, decision),
    };
  });
}

function whyTaken(station: StationEntry, decision: Decision): string {
  const { facts } = station;
  if (decision.station) return `${occupancy(station)}, the station asked for`;
  if (facts.status === 'late') return `late, last heard ${clock(facts.lastHeardAt)}, none is online`;
  if (facts.isSelf && station.hasRoom) return `${occupancy(station)}, this machine`;
  if (decision.count === 1) return `${occupancy(station)}, the only one online`;
  return `${occupancy(station)}, lowest load of ${decision.count}`;
}

function whyPassed(replica: Replica, decision: Decision): string {
  const { facts } = replica.station;
  const tried = decision.excluded.get(facts.id);
  if (tried !== undefined) return tried;
  if (decision.station && replica.station !== decision.station) return 'not the station asked for';
  if (facts.status === 'offline') return `offline, last heard ${clock(facts.lastHeardAt)}`;
  if (replica.conflicted && !decision.byCapability && !decision.station)
    return `another definition of ${decision.what}, reached as ${facts.name}/${decision.what}`;
  if (facts.status === 'late') return `late, last heard ${clock(facts.lastHeardAt)}`;
  return occupancy(replica.station);
}

function noCandidate(index: MeshIndex, decision: Decision): LatticeError {
  const { what, station, byCapability } = decision;
  const offers = byCapability ? `does not declare ${what}` : `does not offer ${what}`;
  const known = new Set(decision.pool.map((replica) => replica.station.facts.id));
  const listed = explain(decision);
  for (const { facts } of station ? [station] : index.stations.values()) {
    if (known.has(facts.id)) continue;
    listed.push({
      station_id: facts.id,
      station_name: facts.name,
      agent: what,
      chosen: false,
      reason: offers,
    });
  }
  const own = decision.pool.find((replica) => replica.station === station);
  const reason = own ? whyPassed(own, decision) : offers;
  const message = station
    ? `${station.facts.name} cannot take ${what}: ${reason}.`
    : decision.pool.length === 0
      ? `No station ${byCapability ? 'has an agent with the capability' : 'offers'} ${what}.`
      : `None of the ${decision.pool.length} candidates for ${what} can take it.`;
  return new LatticeError('no_candidate', message, {
    hint:
      decision.pool.length === 0
        ? 'lattice agents lists what the stations offer.'
        : 'Start one of its stations, or choose another agent.',
    details: {
      candidates: listed.slice(0, LISTED),
      ...(listed.length > LISTED ? { more: listed.length - LISTED } : {}),
    },
  });
}

function occupancy({ busy, facts }: StationEntry): string {
  return `${busy} of ${facts.load.capacity} busy`;
}

function clock(at: number | undefined): string {
  if (at === undefined) return 'never';
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
