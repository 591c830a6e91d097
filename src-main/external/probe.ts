import { setImmediate as nextTurn } from 'node:timers/promises';
import { headers } from '@nats-io/nats-core';
import type { RoleRule } from '../../src-shared/protocol/roles.ts';
import type { MissingSubject } from '../../src-shared/views/hub-check.ts';
import type { MeshConnection } from '../mesh/connection.ts';
import { PROBE_HEADER } from '../mesh/wire.ts';

/** Stands for any token where a rule allows all of them; nothing of a lattice is called so. */
const ANY = 'lattice-check';

/** What no stream is called, so that each refuses to store a probe. */
const NO_STREAM = 'lattice-check-is-no-stream';

/**
 * Tries every subject of the rules on a living connection and returns those that the server refuses.
 * Nothing stays behind: streams refuse a probe, the JetStream API cannot read it, and stations pass over it.
 */
export async function refusedSubjects(
  connection: MeshConnection,
  rules: readonly RoleRule[],
): Promise<MissingSubject[]> {
  const { nc } = connection;
  const refused = new Set<string>();
  const listening = connection.refused.on(({ details }) =>
    refused.add(`${String(details?.operation)} ${String(details?.subject)}`),
  );
  const tried = rules.flatMap(({ verb, subjects, why }) =>
    subjects.map((subject) => ({ verb, subject, why, as: verb === 'publish' ? concrete(subject) : subject })),
  );
  const probe = headers();
  probe.set(PROBE_HEADER, '1');
  probe.set('Nats-Expected-Stream', NO_STREAM);
  const subscriptions = [];
  try {
    for (const { verb, as } of tried) {
      if (verb === 'publish') nc.publish(as, '!', { headers: probe });
      else subscriptions.push(nc.subscribe(as, { callback: () => undefined }));
    }
    // What the server refuses it says before it answers this.
    await nc.flush();
    await nextTurn();
  } finally {
    for (const subscription of subscriptions) if (!subscription.isClosed()) subscription.unsubscribe();
    listening[Symbol.dispose]();
  }
  const operation = { publish: 'publish', subscribe: 'subscription' } as const;
  return tried
    .filter(({ verb, as }) => refused.has(`${operation[verb]} ${as}`))
    .map(({ verb, subject, why }) => ({ verb, subject, why }));
}

/** A subject that a rule with wildcards allows. */
function concrete(subject: string): string {
  return subject
    .split('.')
    .map((part) => (part === '*' || part === '>' ? ANY : part))
    .join('.');
}
