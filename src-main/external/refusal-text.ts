import { PermissionViolationError } from '@nats-io/nats-core';

/** Why a server did not do something, as it said it, without a full stop. */
export function refusalText(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof PermissionViolationError)
      return `this user may not ${error.operation === 'publish' ? 'publish to' : 'subscribe to'} ${error.subject}`;
    if (!(error.cause instanceof Error)) return error.message.replace(/\.$/, '');
  }
  return 'the server did not say why';
}
