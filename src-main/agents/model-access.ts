import { LatticeError } from '../../src-shared/errors.ts';
import type { ModelCall } from '../../src-shared/protocol/activity.ts';
import type { GatewayGrant, ModelGateway } from '../gateway/model-gateway.ts';
import type { RunRequest } from './runner.ts';

/** The models of one run; `grant` is missing where no routing is set up for the agent. */
export interface ModelAccess extends AsyncDisposable {
  grant: GatewayGrant | undefined;
}

/**
 * Asks the gateway for the models of a run.
 * @throws LatticeError `io_failed` when the gateway cannot listen.
 */
export async function openModelAccess(
  gateway: ModelGateway,
  { agent, workId, attempt }: Pick<RunRequest, 'agent' | 'workId' | 'attempt'>,
  signal: AbortSignal,
  onCall: (call: ModelCall) => void,
): Promise<ModelAccess> {
  try {
    const grant = await gateway.grant({ agent: agent.info.name, workId, attempt, signal, onCall });
    return { grant, [Symbol.asyncDispose]: () => grant[Symbol.asyncDispose]() };
  } catch (error) {
    if (LatticeError.from(error).code !== 'not_found') throw error;
    return { grant: undefined, [Symbol.asyncDispose]: async () => undefined };
  }
}
