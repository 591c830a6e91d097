import { createInbox, type NatsConnection } from '@nats-io/nats-core';

/** A new inbox below the prefix of a connection: a key of one device may read no other. */
export function inboxOf(nc: NatsConnection): string {
  // The client has its options, but its type does not say so.
  const prefix = 'options' in nc ? prefixIn(nc.options) : undefined;
  return createInbox(prefix);
}

function prefixIn(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null || !('inboxPrefix' in options)) return undefined;
  return typeof options.inboxPrefix === 'string' ? options.inboxPrefix : undefined;
}
