import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { LatticeError } from '../../../src-shared/errors.ts';
import type { CallOutput } from '../../../src-shared/ipc.ts';
import { call } from '../../data/queries.ts';

/** The command line changes guests too, and what they use is known to the hub alone. */
const LOOK_MS = 3_000;

/** The lattices of others on the hub here, looked at again every few seconds. */
export function useGuests(): UseQueryResult<CallOutput<'guests.list'>, LatticeError> {
  return useQuery<CallOutput<'guests.list'>, LatticeError>({
    queryKey: ['guests.list'],
    queryFn: () => call('guests.list'),
    refetchInterval: LOOK_MS,
  });
}

/** Who may be on a guest lattice, looked at again every few seconds. */
export function useGuestAccess(org: string): UseQueryResult<CallOutput<'guests.access'>, LatticeError> {
  return useQuery<CallOutput<'guests.access'>, LatticeError>({
    queryKey: ['guests.access', org],
    queryFn: () => call('guests.access', { org }),
    refetchInterval: LOOK_MS,
  });
}
