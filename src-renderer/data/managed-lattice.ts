import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { LatticeError } from '../../src-shared/errors.ts';
import type { CallInput, CallName, CallOutput } from '../../src-shared/ipc.ts';
import { call } from './queries.ts';

/** The org of the guest lattice whose access is managed here; without one it is that of our own lattice. */
export const ManagedGuest = createContext<string | undefined>(undefined);

/** Changes who may be on the lattice that is managed here. */
export function useManageAccess(): UseMutationResult<void, LatticeError, CallInput<'devices.manage'>> {
  return useManaged(
    (request) => call('devices.manage', request),
    (org, request) => call('guests.manage', { org, request }),
  );
}

/** Makes a link into the lattice that is managed here. */
export function useInvite(): UseMutationResult<
  CallOutput<'devices.invite'>,
  LatticeError,
  CallInput<'devices.invite'>
> {
  return useManaged(
    (options) => call('devices.invite', options),
    (org, options) => call('guests.invite', { org, options }),
  );
}

const OWN: readonly CallName[] = ['devices.list'];
const GUEST: readonly CallName[] = ['guests.access', 'guests.list'];

function useManaged<Input, Output>(
  own: (input: Input) => Promise<Output>,
  guest: (org: string, input: Input) => Promise<Output>,
): UseMutationResult<Output, LatticeError, Input> {
  const org = useContext(ManagedGuest);
  const client = useQueryClient();
  return useMutation<Output, LatticeError, Input>({
    mutationFn: (input) => (org === undefined ? own(input) : guest(org, input)),
    onSettled: async () => {
      const changed = org === undefined ? OWN : GUEST;
      await Promise.all(changed.map((name) => client.invalidateQueries({ queryKey: [name] })));
    },
  });
}
