import { LatticeError } from '../../src-shared/errors.ts';
import type { CallInput, CallName, CallOutput, LatticeBridge } from '../../src-shared/ipc.ts';

/** Input of a call as arguments: none where the contract wants none. */
export type CallArguments<N extends CallName> =
  CallInput<N> extends undefined ? [input?: undefined] : [input: CallInput<N>];

/**
 * Calls main and returns its answer.
 * @throws LatticeError what main answered, or `internal` when the bridge itself failed.
 */
export async function callOver<N extends CallName>(
  bridge: LatticeBridge,
  name: N,
  ...[input]: CallArguments<N>
): Promise<CallOutput<N>> {
  const answer = await bridge.call(name, input).catch((thrown: unknown) => {
    throw LatticeError.from(thrown);
  });
  if ('error' in answer) throw LatticeError.fromShape(answer.error);
  return answer.ok as CallOutput<N>;
}
