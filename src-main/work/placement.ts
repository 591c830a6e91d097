import type { WorkCandidate } from '../../src-shared/protocol/work.ts';

/** A station as the mesh sees it now. */
export interface StationFact {
  id: string;
  name: string;
  status: 'online' | 'late' | 'offline';
}

/** A station that offers an agent, with its load. */
export interface OfferFact extends StationFact {
  running: number;
  capacity: number;
}

/** What durable work needs to know of the mesh. */
export interface MeshFacts {
  stations(): StationFact[];
  /** Every station that offers the agent, online or not. */
  offering(agent: string): OfferFact[];
  /** The agents that declare a capability. */
  agentsWith(capability: string): string[];
}

export interface Target {
  agent?: string | undefined;
  capability?: string | undefined;
  station?: string | undefined;
}

/** Where a work could run now: the agent for it, the candidates, and what is in the way when nothing can take it. */
export interface Placement {
  agent?: string;
  candidates: WorkCandidate[];
  obstacle?: string;
}

/** Looks for stations that can take a work; the queue, not this look, decides which one does. */
export function placementOf(mesh: MeshFacts, target: Target): Placement {
  const agent = target.agent ?? bestAgent(mesh, target.capability ?? '', target.station);
  if (agent === undefined)
    return { candidates: [], obstacle: `No station offers an agent that can "${target.capability ?? ''}".` };
  const offers = mesh.offering(agent);
  const candidates = offers.slice(0, 20).map((offer) => ({
    station_id: offer.id,
    station_name: offer.name,
    chosen: false,
    reason: reasonFor(offer, target.station),
  }));
  const obstacle = obstacleFor(mesh, offers, agent, target.station);
  return { agent, candidates, ...(obstacle === undefined ? {} : { obstacle }) };
}

/** The candidates as they looked when a station took the work, and why it was that one. */
export function candidatesTaken(
  mesh: MeshFacts,
  agent: string,
  taker: { id: string; name: string; reason: string },
  asked: string | undefined,
): WorkCandidate[] {
  const others = placementOf(mesh, { agent, station: asked }).candidates.filter(
    (candidate) => candidate.station_id !== taker.id,
  );
  return [
    { station_id: taker.id, station_name: taker.name, chosen: true, reason: taker.reason },
    ...others.slice(0, 19),
  ];
}

function bestAgent(mesh: MeshFacts, capability: string, station: string | undefined): string | undefined {
  const free = (agent: string) =>
    mesh
      .offering(agent)
      .filter((offer) => offer.status === 'online' && (station === undefined || offer.id === station))
      .reduce((sum, offer) => sum + 1 + Math.max(0, offer.capacity - offer.running), 0);
  return mesh
    .agentsWith(capability)
    .map((agent) => ({ agent, free: free(agent) }))
    .sort((a, b) => b.free - a.free || (a.agent < b.agent ? -1 : 1))[0]?.agent;
}

function reasonFor(offer: OfferFact, asked: string | undefined): string {
  if (asked !== undefined && offer.id !== asked) return 'Another station was asked for.';
  if (offer.status === 'offline') return 'It is offline.';
  if (offer.running >= offer.capacity) return `It is full: ${offer.running} of ${offer.capacity} run.`;
  return `It has room: ${offer.running} of ${offer.capacity} run.`;
}

function obstacleFor(
  mesh: MeshFacts,
  offers: readonly OfferFact[],
  agent: string,
  asked: string | undefined,
): string | undefined {
  if (asked !== undefined) {
    const station = mesh.stations().find((one) => one.id === asked);
    if (!station) return `No station ${asked} is known.`;
    if (station.status === 'offline') return `Station ${station.name} is offline.`;
    return offers.some((offer) => offer.id === asked)
      ? undefined
      : `Station ${station.name} does not offer the agent ${agent}.`;
  }
  if (offers.length === 0) return `No station offers the agent ${agent}.`;
  return offers.every((offer) => offer.status === 'offline')
    ? `Every station that offers the agent ${agent} is offline.`
    : undefined;
}
