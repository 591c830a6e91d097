import { JetStreamApiError } from '@nats-io/jetstream';
import { LatticeError } from '../src-shared/errors.ts';
import type { Problem } from '../src-shared/views/node.ts';
import { refusalText } from './external/refusal-text.ts';
import { permissionRefusal } from './mesh/connection-errors.ts';

const UNAVAILABLE = 503;

/**
 * Durable work as far as the hub allows it: what `start` gives, or why it is off when the hub refuses what it needs.
 * @throws what `start` throws for any other reason.
 */
export async function unlessRefused<T>(start: () => Promise<T>): Promise<{ on: T } | { off: LatticeError }> {
  try {
    return { on: await start() };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const what = error instanceof LatticeError ? ` ${error.message}` : '';
    return {
      off: new LatticeError(
        'unsupported',
        `Durable work is off on this lattice.${what} The hub says: ${refusalText(error)}.`,
        { hint: 'lattice hub check lists all that the account lacks. Direct calls work.', cause: error },
      ),
    };
  }
}

/** How a person sees that durable work is off. */
export function workOffProblem({ message, hint }: LatticeError): Omit<Problem, 'since'> {
  return {
    id: 'work.off',
    severity: 'warning',
    area: 'mesh',
    title: 'Durable work is off',
    detail: [message, hint].filter(Boolean).join(' '),
  };
}

function isRefusal(thrown: unknown): boolean {
  if (permissionRefusal(thrown)) return true;
  for (let error = thrown; error instanceof Error; error = error.cause)
    if (error instanceof JetStreamApiError) return error.status !== UNAVAILABLE;
  return false;
}
