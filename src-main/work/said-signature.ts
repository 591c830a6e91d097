import type { MsgHdrs } from '@nats-io/nats-core';
import { senderOf } from '../../src-shared/protocol/subjects.ts';
import type { SaidMessage } from '../../src-shared/protocol/work-output.ts';
import type { Signing } from '../signing/signing.ts';

/** A message of an attempt as it came. */
interface RawMessage {
  subject: string;
  data: Uint8Array;
  headers?: MsgHdrs | undefined;
}

/** Whether the station that a subject names said a message; true where nobody signs. Another sender is shown. */
export function isSaidBySender(
  signing: Signing | undefined,
  message: RawMessage,
  { attempt, seq }: Pick<SaidMessage, 'attempt' | 'seq'>,
  loggedAt?: Date,
): boolean {
  if (!signing?.isOn || (loggedAt && signing.isBefore(loggedAt))) return true;
  const { subject, data, headers } = message;
  const id = headers?.last('Nats-Msg-Id') ?? '';
  const about = { kind: 'said', subject, id, attempt, buildsOn: seq, data, headers } as const;
  const verdict = signing.check({ ...about, ...(loggedAt ? { loggedAt } : {}) });
  const station = senderOf(subject);
  if (verdict.ok && verdict.sender.id === station) return true;
  const why = verdict.ok ? 'another device signed it than its subject names' : verdict.why;
  signing.refuse({ what: 'what a work says', from: station, why }, `${subject} ${attempt}.${seq}`);
  return false;
}
