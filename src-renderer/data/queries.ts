import {
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { LatticeError } from '../../src-shared/errors.ts';
import type { CallInput, CallName, CallOutput } from '../../src-shared/ipc.ts';
import { type CallArguments, callOver } from './call.ts';

/** Calls main from this window. @throws LatticeError what main answered. */
export function call<N extends CallName>(name: N, ...input: CallArguments<N>): Promise<CallOutput<N>> {
  return callOver(window.lattice, name, ...input);
}

/** Answers are kept until an action says they changed: main is local, and streams tell the rest. */
export function createQueryClient(): QueryClient {
  const always = { networkMode: 'always', retry: false } as const;
  return new QueryClient({
    defaultOptions: {
      queries: { ...always, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
      mutations: always,
    },
  });
}

/** The answer to a call that only reads. */
export function useAnswer<N extends CallName>(
  name: N,
  ...input: CallArguments<N>
): UseQueryResult<CallOutput<N>, LatticeError> {
  // TanStack Query refuses undefined as data, which is what a call without an answer gives.
  return useQuery<CallOutput<N>, LatticeError>({
    queryKey: [name, input[0] ?? null],
    queryFn: async () => (await call(name, ...input)) ?? (null as CallOutput<N>),
  });
}

/** The answer to a call about the world outside: asked anew each time it is shown, and again on `refetch`. */
export function useFreshAnswer<N extends CallName>(
  name: N,
  ...input: CallArguments<N>
): UseQueryResult<CallOutput<N>, LatticeError> {
  return useQuery<CallOutput<N>, LatticeError>({
    queryKey: [name, input[0] ?? null],
    queryFn: async () => await call(name, ...input),
    gcTime: 0,
  });
}

/** A call that changes something; answers of the calls in `changes` are asked for again afterwards. */
export function useAction<N extends CallName>(
  name: N,
  changes: readonly CallName[] = [],
): UseMutationResult<CallOutput<N>, LatticeError, CallInput<N>> {
  const client = useQueryClient();
  return useMutation<CallOutput<N>, LatticeError, CallInput<N>>({
    mutationKey: [name],
    mutationFn: (input) => call(name, ...([input] as CallArguments<N>)),
    onSettled: async () => {
      await Promise.all(changes.map((changed) => client.invalidateQueries({ queryKey: [changed] })));
    },
  });
}
