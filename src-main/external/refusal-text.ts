import { permissionRefusal } from '../mesh/connection-errors.ts';

/** Why a server did not do something, as it said it, without a full stop. */
export function refusalText(thrown: unknown): string {
  const refusal = permissionRefusal(thrown);
  if (refusal !== undefined)
    return `this user may not ${refusal.operation === 'publish' ? 'publish to' : 'subscribe to'} ${refusal.subject}`;
  let error = thrown;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  return error instanceof Error ? error.message.replace(/\.$/, '') : 'the server did not say why';
}
