import type { MeshIndex } from './mesh/mesh-index.ts';
import type { MeshFacts } from './work/placement.ts';

/** The mesh as durable work asks about it. */
export function meshFactsOf(index: MeshIndex): MeshFacts {
  return {
    stations: () =>
      [...index.stations.values()].map(({ facts: { id, name, status } }) => ({ id, name, status })),
    offering: (agent) =>
      (index.agent(agent)?.replicas ?? []).map(({ station: { facts } }) => ({
        id: facts.id,
        name: facts.name,
        status: facts.status,
        running: facts.load.running,
        capacity: facts.load.capacity,
      })),
    agentsWith: (capability) => [...new Set(index.offering(capability).map(({ agent }) => agent.name))],
  };
}
