import type { NatsConnection } from '@nats-io/nats-core';
import { Emitter } from '../../src-shared/emitter.ts';

const known = new WeakMap<NatsConnection, Emitter<void>>();

/** Tells each time a connection is back; one watch per connection, which ends with it. */
export function reconnectsOf(nc: NatsConnection): Emitter<void> {
  const existing = known.get(nc);
  if (existing) return existing;
  const emitter = new Emitter<void>();
  known.set(nc, emitter);
  void watch(nc, emitter);
  return emitter;
}

async function watch(nc: NatsConnection, emitter: Emitter<void>): Promise<void> {
  for await (const status of nc.status()) if (status.type === 'reconnect') emitter.emit();
}
