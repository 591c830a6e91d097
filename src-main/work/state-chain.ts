import { isDeepStrictEqual } from 'node:util';
import type { MsgHdrs } from '@nats-io/nats-core';
import type { Role } from '../../src-shared/protocol/roles.ts';
import { type Sender, unproven } from '../../src-shared/protocol/sender.ts';
import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import { decodeWorkEvent, type WorkEvent } from '../../src-shared/protocol/work-change.ts';
import { applyWorkEvent } from '../../src-shared/protocol/work-reducer.ts';
import { wrongfulChange } from '../../src-shared/protocol/work-rights.ts';
import type { Signing } from '../signing/signing.ts';
import { parseJson } from './json.ts';

/** The server stores a message with this header only when nothing came between. */
const BUILDS_ON = 'Nats-Expected-Last-Subject-Sequence';
/** Would let the server look at another subject than that of the message. */
const BUILDS_ON_SUBJECT = 'Nats-Expected-Last-Subject-Sequence-Subject';
const MESSAGE_ID = 'Nats-Msg-Id';

/** A work as it stands, and the sequence that the next append builds on. */
export interface LogEntry {
  seq: number;
  record: WorkRecord;
  /** Who gave the work; known where the whole log of the work was read. */
  giver?: Sender;
}

/** A message of the log, however it was read. */
export interface StateMessage {
  seq: number;
  subject: string;
  data: Uint8Array;
  headers: MsgHdrs | undefined;
  time: Date;
}

/** The sequence that the server found last on the subject of a message; NaN where it did not look. */
export function buildsOn({ headers }: Pick<StateMessage, 'headers'>): number {
  return headers?.has(BUILDS_ON_SUBJECT) ? Number.NaN : Number(headers?.last(BUILDS_ON) || Number.NaN);
}

/** Whether the server says that nothing came before a message on its subject. */
export function isFirstOfItsWork(message: StateMessage): boolean {
  return buildsOn(message) === 0;
}

/** A change that counts, and the work after it. */
export interface StateStep {
  event: WorkEvent;
  record: WorkRecord;
}

/**
 * The log of one work, message by message. Where messages are signed, each has to be signed by who may make the
 * change, and to give exactly the record that the change makes of the one before; others are passed over and shown.
 */
export class StateChain {
  readonly #workId: string;
  readonly #signing: Signing | undefined;
  #entry: LogEntry | undefined;
  #lastSeq: number | undefined;

  /** With `from` it goes on after an entry that was read before. */
  constructor(workId: string, signing: Signing | undefined, from?: LogEntry) {
    this.#workId = workId;
    this.#signing = signing;
    this.#entry = from;
    this.#lastSeq = from?.seq;
  }

  /** The sequence of the last message, whether it counts or not; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq ?? 0;
  }

  /** The work as it stands; its sequence is that of the last message, on which the next append builds. */
  get entry(): LogEntry | undefined {
    return this.#entry && { ...this.#entry, seq: this.lastSeq };
  }

  /** Takes the next message; undefined when it does not count. */
  take(message: StateMessage): StateStep | undefined {
    const step = decodeWorkEvent(parseJson(message.data));
    const previous = this.#lastSeq;
    this.#lastSeq = message.seq;
    if (!step || step.record.work_id !== this.#workId) return undefined;
    const giver = this.#check(message, step, previous);
    if (!giver) return undefined;
    const first = this.#entry?.giver ?? (step.event.change.type === 'assigned' ? giver : undefined);
    this.#entry = { seq: message.seq, record: step.record, ...(first ? { giver: first } : {}) };
    return step;
  }

  #check(message: StateMessage, step: StateStep, previous: number | undefined): Sender | undefined {
    const signing = this.#signing;
    const { seq, subject, data, headers, time } = message;
    if (!signing?.isOn || signing.isBefore(time)) return unproven(step.event.by);
    const base = buildsOn(message);
    const id = headers?.last(MESSAGE_ID) ?? '';
    const { attempt } = step.record;
    const verdict = signing.check({
      kind: 'state',
      subject,
      id,
      attempt,
      buildsOn: base,
      data,
      headers,
      loggedAt: time,
    });
    const why = !verdict.ok
      ? verdict.why
      : (previous ?? base) !== base
        ? 'it does not build on the change before it'
        : this.#wrong(verdict.sender, step);
    if (verdict.ok && why === undefined) return verdict.sender;
    const from = verdict.ok ? verdict.sender.id : verdict.signer;
    signing.refuse({ what: `a change of work ${this.#workId}`, from, why: why ?? '' }, `${subject} ${seq}`);
    return undefined;
  }

  #wrong(signer: { id: string; role: Role }, { event, record }: StateStep): string | undefined {
    const before = this.#entry?.record;
    const wrong = wrongfulChange(signer, before, event.change);
    if (wrong !== undefined) return wrong;
    // What came before may be so old that the log does not have it any more.
    if (!before && event.change.type !== 'assigned') return undefined;
    const applied = applyWorkEvent(before, event);
    if (!applied.ok) return applied.refusal.message.replace(/\.$/, '');
    return isDeepStrictEqual(applied.record, record) ? undefined : 'it changes more of the work than it says';
  }
}
