import type { MsgHdrs } from '@nats-io/nats-core';
import type { SaidMessage } from '../../src-shared/protocol/work-output.ts';
import type { Signing } from '../signing/signing.ts';

/** A message of an attempt as it came. */
interface RawMessage {
  subject: string;
  data: Uint8Array;
  headers?: MsgHdrs | undefined;
}

/** Who signed what an attempt says; undefined where nobody signs, false when it does not count. */
export function signerOfSaid(
  signing: Signing | undefined,
  message: RawMessage,
  { attempt, seq }: Pick<SaidMessage, 'attempt' | 'seq'>,
  loggedAt?: Date,
): string | undefined | false {
  if (!signing?.isOn || (loggedAt && signing.isBefore(loggedAt))) return undefined;
  const { subject, data, headers } = message;
  const verdict = signing.check({
    kind: 'said',
    subject,
    id: idOfSaid(subject, attempt, seq),
    attempt,
    buildsOn: seq,
    data,
    headers,
    ...(loggedAt ? { loggedAt } : {}),
  });
  if (verdict.ok) return verdict.sender.id;
  const { why, signer: from } = verdict;
  signing.refuse({ what: 'what a work says', from, why }, `${subject} ${attempt}.${seq} ${from}`);
  return false;
}

/** Whether the station that runs an attempt said it. */
export function isSaidBy(
  signing: Signing | undefined,
  message: RawMessage,
  said: Pick<SaidMessage, 'attempt' | 'seq'>,
  stationId: string | undefined,
): boolean {
  const signer = signerOfSaid(signing, message, said);
  return signer === undefined || isBy(signing, signer, message.subject, stationId);
}

/** Whether a signer is the station that runs the attempt; another one is shown. */
export function isBy(
  signing: Signing | undefined,
  signer: string | false,
  subject: string,
  stationId: string | undefined,
): boolean {
  if (signer === false) return false;
  if (signer === stationId) return true;
  const why = 'another station runs this attempt';
  signing?.refuse({ what: 'what a work says', from: signer, why }, `${subject} ${signer}`);
  return false;
}

/** What the message of an attempt is called, so that the stream keeps it once. */
export function idOfSaid(subject: string, attempt: number, seq: number): string {
  return `${subject.split('.')[4]}.${attempt}.${seq}`;
}
