import { type JetStreamManager, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import {
  decodeWorkEvent,
  type EventSource,
  encodeWorkEvent,
  type WorkChange,
  type WorkEvent,
} from '../../src-shared/protocol/work-change.ts';
import { applyWorkEvent } from '../../src-shared/protocol/work-reducer.ts';
import type { Refusal } from '../../src-shared/protocol/work-steps.ts';
import type { Signing } from '../signing/signing.ts';
import { readAll } from './follow.ts';
import { newId } from './ids.ts';
import { parseJson } from './json.ts';
import { StreamPublisher } from './publisher.ts';
import { isFirstOfItsWork, type LogEntry, StateChain, type StateMessage } from './state-chain.ts';

/** What the headers of a message may take of its largest size, in bytes. */
const HEADER_ROOM = 1_536;
const READ_TIMEOUT_MS = 3_000;
const RETRY_MS = 200;
/** Records that are kept to recognise them when the log tells them. */
const MAX_WRITTEN = 1_000;
const DEFAULT_PATIENCE_MS = 15_000;

/** What became of an append: written, refused by the rule, or given up by the one who decides. */
export type Appended =
  | { kind: 'appended'; entry: LogEntry; event: WorkEvent }
  | { kind: 'refused'; refusal: Refusal; entry: LogEntry | undefined }
  | { kind: 'declined'; entry: LogEntry | undefined };

/** Chooses the change for the work as it stands; undefined when there is nothing to say. */
export type Decide = (record: WorkRecord | undefined) => WorkChange | undefined;

export interface AppendOptions {
  /** What the writer already knows; saves a read, and costs one when it is stale. */
  known?: LogEntry | 'none';
  /** How long to go on while the server is away, in milliseconds. */
  patienceMs?: number;
  signal?: AbortSignal;
}

export interface WorkLogOptions {
  nc: NatsConnection;
  names: LatticeNames;
  from: EventSource;
  signing?: Signing | undefined;
  now?: () => Date;
}

/** The log of all work: each append states the entry it builds on, so of two writers one is refused. */
export class WorkLog {
  readonly #nc: NatsConnection;
  readonly #publisher: StreamPublisher;
  readonly #names: LatticeNames;
  readonly #from: EventSource;
  readonly #signing: Signing | undefined;
  readonly #now: () => Date;
  #written = new Map<string, WorkRecord>();
  #writtenBefore = new Map<string, WorkRecord>();
  #jsm: Promise<JetStreamManager> | undefined;

  constructor(options: WorkLogOptions) {
    this.#nc = options.nc;
    this.#publisher = StreamPublisher.of(options.nc);
    this.#names = options.names;
    this.#from = options.from;
    this.#signing = options.signing;
    this.#now = options.now ?? (() => new Date());
  }

  /** The work as it stands, or undefined when the log does not know it. */
  async read(workId: string): Promise<LogEntry | undefined> {
    return entryOf(await this.#readLast(workId));
  }

  /** Every change of a work, in order, each with the record after it. */
  async history(workId: string): Promise<{ seq: number; event: WorkEvent; record: WorkRecord }[]> {
    const entries: { seq: number; event: WorkEvent; record: WorkRecord }[] = [];
    const chain = new StateChain(workId, this.#signing);
    await readAll(this.#nc, this.#names.eventsStream, this.#names.workState(workId), (message) => {
      const step = chain.take(message);
      if (step) entries.push({ seq: message.seq, ...step });
    });
    return entries;
  }

  /**
   * Appends what `decide` chooses; when another writer was first, reads again and decides again.
   * @throws LatticeError `not_connected` when the server stays away longer than the patience, `too_large`.
   */
  async append(workId: string, by: string, decide: Decide, options: AppendOptions = {}): Promise<Appended> {
    const deadline = performance.now() + (options.patienceMs ?? DEFAULT_PATIENCE_MS);
    let last: WorkEvent | undefined;
    let known: Stand | undefined = options.known === 'none' ? { seq: 0 } : options.known;
    for (;;) {
      options.signal?.throwIfAborted();
      try {
        known ??= await this.#readLast(workId);
        const entry = entryOf(known);
        if (last && entry?.record.last_event === last.id) return { kind: 'appended', entry, event: last };
        const change = decide(entry?.record);
        if (!change) return { kind: 'declined', entry };
        // The same change keeps its id, so that a publish whose answer was lost is recognised.
        const event: WorkEvent =
          last && JSON.stringify(last.change) === JSON.stringify(change)
            ? last
            : { id: newId(), at: this.#now().toISOString(), by, change };
        last = event;
        const applied = applyWorkEvent(entry?.record, event);
        if (!applied.ok) return { kind: 'refused', refusal: applied.refusal, entry };
        const seq = await this.#publish(workId, event, applied.record, known.seq);
        if (seq !== undefined)
          return { kind: 'appended', entry: { ...entry, seq, record: applied.record }, event };
        known = undefined;
      } catch (error) {
        if (isFinal(error) || this.#nc.isClosed() || performance.now() > deadline)
          throw asLatticeError(error);
        known = undefined;
        await new Promise((next) => setTimeout(next, RETRY_MS));
      }
    }
  }

  /**
   * What this process wrote itself and not long ago, by the id of its event; saves reading it back. Nothing where
   * messages are signed: there the id alone proves nothing.
   */
  recall(eventId: string): WorkRecord | undefined {
    if (this.#signing?.isOn) return undefined;
    return this.#written.get(eventId) ?? this.#writtenBefore.get(eventId);
  }

  #remember(event: WorkEvent, record: WorkRecord): void {
    if (this.#written.size >= MAX_WRITTEN) {
      this.#writtenBefore = this.#written;
      this.#written = new Map();
    }
    this.#written.set(event.id, record);
  }

  /** Publishes one event; undefined when another writer was first. */
  async #publish(
    workId: string,
    event: WorkEvent,
    record: WorkRecord,
    expected: number,
  ): Promise<number | undefined> {
    this.#remember(event, record);
    const payload = Buffer.from(JSON.stringify(encodeWorkEvent(event, record, this.#from)));
    const limit = this.#nc.info?.max_payload ?? 1024 ** 2;
    if (payload.length > limit - HEADER_ROOM)
      throw new LatticeError('too_large', `Work ${workId} is larger than one message of this lattice.`, {
        hint: `Keep task, context and answers below ${limit} bytes together.`,
      });
    const subject = this.#names.workState(workId);
    const { id } = event;
    const signed = { kind: 'state', subject, id, attempt: record.attempt, buildsOn: expected } as const;
    const published = await this.#publisher.publish(subject, payload, {
      id,
      expected,
      traceparent: record.traceparent,
      lines: this.#signing?.lines(signed, payload) ?? '',
    });
    return published.ok ? published.seq : undefined;
  }

  async #readLast(workId: string): Promise<Stand> {
    this.#jsm ??= jetstreamManager(this.#nc, { checkAPI: false, timeout: READ_TIMEOUT_MS });
    const jsm = await this.#jsm;
    const subject = this.#names.workState(workId);
    const message = await jsm.direct.getMessage(this.#names.eventsStream, { last_by_subj: subject });
    if (!message) return { seq: 0 };
    if (this.#signing?.isOn) return this.#readSigned(jsm, workId, messageOf(message));
    const decoded = parseWorkEvent(message.data);
    if (decoded && decoded.record.work_id === workId) return { seq: message.seq, record: decoded.record };
    const valid = (await this.history(workId)).at(-1);
    return valid ? { seq: message.seq, record: valid.record } : { seq: message.seq };
  }

  /** The record counts only as the end of its whole log, so all of it is read, up to the last message. */
  async #readSigned(jsm: JetStreamManager, workId: string, last: StateMessage): Promise<Stand> {
    const chain = new StateChain(workId, this.#signing);
    const { eventsStream } = this.#names;
    const isFirst = isFirstOfItsWork(last);
    for (let seq = 1; !isFirst; ) {
      const message = await jsm.direct.getMessage(eventsStream, { seq, next_by_subj: last.subject });
      if (!message || message.seq >= last.seq) break;
      chain.take(messageOf(message));
      seq = message.seq + 1;
    }
    chain.take(last);
    return chain.entry ?? { seq: chain.lastSeq };
  }
}

/** A work as far as it is known: without a record nothing that counts was logged yet. */
type Stand = { seq: number; record?: WorkRecord };

function entryOf(stand: Stand): LogEntry | undefined {
  const { record } = stand;
  return record ? { ...stand, record } : undefined;
}

function messageOf({ seq, subject, data, header, time }: StoredMsg): StateMessage {
  return { seq, subject, data, headers: header, time };
}

/** A state event from the bytes of a message, or undefined when it is rubbish. */
export function parseWorkEvent(data: Uint8Array): { event: WorkEvent; record: WorkRecord } | undefined {
  return decodeWorkEvent(parseJson(data));
}

/** Whether trying again cannot help: what the one who decides throws, or a message that is too large. */
function isFinal(error: unknown): boolean {
  return error instanceof LatticeError && error.code !== 'not_connected' && error.code !== 'io_failed';
}

function asLatticeError(error: unknown): LatticeError {
  if (error instanceof LatticeError && error.code !== 'not_connected') return error;
  return new LatticeError('not_connected', 'The lattice did not take the message: its hub does not answer.', {
    hint: 'Look at the connection, then try again.',
    cause: error,
  });
}
