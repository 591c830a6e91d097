import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { LatticeError } from '../../../../src-shared/errors.ts';
import type { RouteCandidate, StationView } from '../../../../src-shared/views/mesh.ts';
import { call } from '../../../data/queries.ts';
import { candidatesOf } from '../logic/candidates.ts';

/** How long an answer for a load that is over is kept, in milliseconds. */
const KEPT_MS = 10_000;

/** What decides where a call goes: when it changes, the answer may be another one. */
function signatureOf(stations: Iterable<StationView>): string {
  return [...stations]
    .map(({ id, status, load }) => `${id} ${status} ${load.running}/${load.capacity}`)
    .join('\n');
}

/** Where a call would go now. */
export interface AgentRoute {
  candidates: readonly RouteCandidate[];
  /** Why nobody can take it. */
  problem: string | undefined;
}

/** Where a call of the agent would go now and why; asked again when the load of a station changes. */
export function useAgentRoute(
  agent: string,
  station: string | undefined,
  stations: Iterable<StationView>,
): AgentRoute {
  const input = { agent, ...(station === undefined ? {} : { station }) };
  const { data, error } = useQuery<RouteCandidate[], LatticeError>({
    queryKey: ['agents.route', input, signatureOf(stations)],
    queryFn: () => call('agents.route', input),
    placeholderData: keepPreviousData,
    gcTime: KEPT_MS,
  });
  if (error !== null) return { candidates: candidatesOf(error.details), problem: error.message };
  return { candidates: data ?? [], problem: undefined };
}
