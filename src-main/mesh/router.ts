import { LatticeError } from '../../src-shared/errors.ts';
import type { RouteCandidate } from '../../src-shared/views/mesh.ts';
import type { MeshIndex, Replica, StationEntry, StationFacts } from './mesh-index.ts';

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

/** A decision and, on demand, why each candidate was or was not taken, as things stood when it was made. */
export interface Route {
  readonly choice: RouteTarget;
  readonly candidates: RouteCandidate[];
}

/** Stations that were tried already, with the reason they are passed over. */
export type Excluded = ReadonlyMap<string, string>;

interface Weighed {
  readonly replica: Replica;
  readonly facts: StationFacts;
  readonly busy: number;
}

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
  const weighed: Weighed[] = [];
  let local: Weighed | undefined;
  let online: Weighed | undefined;
  let late: Weighed | undefined;
  let count = 0;
  for (const replica of pool) {
    const { facts, inFlight } = replica.station;
    const item = { replica, facts, busy: Math.max(facts.load.running, inFlight) };
    weighed.push(item);
    if (facts.status === 'offline' || (excluded.size > 0 && excluded.has(facts.id))) continue;
    if (station ? replica.station !== station : replica.conflicted && !byCapability) continue;
    if (facts.status === 'online') {
      count++;
      if (facts.isSelf && item.busy < facts.load.capacity && (!local || isLighter(item, local))) local = item;
      if (!online || isLighter(item, online)) online = item;
    } else if (!late || isLighter(item, late)) late = item;
  }
  const chosen = local ?? online ?? late;
  const decision: Decision = { what, byCapability, station, excluded, weighed, chosen, count };
  if (!chosen) throw noCandidate(index, decision);
  let candidates: RouteCandidate[] | undefined;
  return {
    choice: target(chosen),
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
  weighed: readonly Weighed[];
  chosen: Weighed | undefined;
  /** Online replicas that could have been taken. */
  count: number;
}

function target({ facts, replica }: Weighed): RouteTarget {
  return { stationId: facts.id, stationName: facts.name, agent: replica.agent.name, isSelf: facts.isSelf };
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

function isLighter(a: Weighed, b: Weighed): boolean {
  const difference = pressure(a) - pressure(b) || a.facts.load.cpu - b.facts.load.cpu;
  if (difference !== 0) return difference < 0;
  if (a.facts.id !== b.facts.id) return a.facts.id < b.facts.id;
  return a.replica.agent.name < b.replica.agent.name;
}

function pressure({ busy, facts }: Weighed): number {
  const { capacity, queued } = facts.load;
  return capacity > 0 ? (busy + queued) / capacity : Number.MAX_SAFE_INTEGER;
}

function explain(decision: Decision): RouteCandidate[] {
  return decision.weighed.map((item) => ({
    station_id: item.facts.id,
    station_name: item.facts.name,
    agent: item.replica.agent.name,
    chosen: item === decision.chosen,
    reason: item === decision.chosen ? whyTaken(item, decision) : whyPassed(item, decision),
  }));
}

function whyTaken(item: Weighed, decision: Decision): string {
  if (decision.station) return `${occupancy(item)}, the station asked for`;
  if (item.facts.status === 'late')
    return `late, last heard ${clock(item.facts.lastHeardAt)}, none is online`;
  if (item.facts.isSelf && item.busy < item.facts.load.capacity) return `${occupancy(item)}, this machine`;
  if (decision.count === 1) return `${occupancy(item)}, the only one online`;
  return `${occupancy(item)}, lowest load of ${decision.count}`;
}

function whyPassed(item: Weighed, decision: Decision): string {
  const { facts, replica } = item;
  const tried = decision.excluded.get(facts.id);
  if (tried !== undefined) return tried;
  if (decision.station && replica.station !== decision.station) return 'not the station asked for';
  if (facts.status === 'offline') return `offline, last heard ${clock(facts.lastHeardAt)}`;
  if (replica.conflicted && !decision.byCapability && !decision.station)
    return `another definition of ${decision.what}, reached as ${facts.name}/${decision.what}`;
  if (facts.status === 'late') return `late, last heard ${clock(facts.lastHeardAt)}`;
  return occupancy(item);
}

function noCandidate(index: MeshIndex, decision: Decision): LatticeError {
  const { what, station, byCapability } = decision;
  const offers = byCapability ? `does not declare ${what}` : `does not offer ${what}`;
  const known = new Set(decision.weighed.map((item) => item.facts.id));
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
  const own = decision.weighed.find((item) => item.replica.station === station);
  const reason = own ? whyPassed(own, decision) : offers;
  const message = station
    ? `${station.facts.name} cannot take ${what}: ${reason}.`
    : decision.weighed.length === 0
      ? `No station ${byCapability ? 'has an agent with the capability' : 'offers'} ${what}.`
      : `None of the ${decision.weighed.length} candidates for ${what} can take it.`;
  return new LatticeError('no_candidate', message, {
    hint:
      decision.weighed.length === 0
        ? 'lattice agents lists what the stations offer.'
        : 'Start one of its stations, or choose another agent.',
    details: {
      candidates: listed.slice(0, LISTED),
      ...(listed.length > LISTED ? { more: listed.length - LISTED } : {}),
    },
  });
}

function occupancy({ busy, facts }: Weighed): string {
  return `${busy} of ${facts.load.capacity} busy`;
}

function clock(at: number | undefined): string {
  if (at === undefined) return 'never';
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
