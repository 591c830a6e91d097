import { type Msg, type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../../src-shared/protocol/subjects.ts';
import { LineHeaders } from '../signing/line-headers.ts';
import { inboxOf } from './inbox.ts';
import { parseJson } from './json.ts';

const DEFAULT_TIMEOUT_MS = 3_000;
const LOOK_MS = 250;
const NO_RESPONDERS = 503;
const WRONG_LAST_SEQUENCE: ReadonlySet<unknown> = new Set([10071, 10164]);

export interface StreamPublishOptions {
  /** The server stores a message with the same id once, within two minutes. */
  id: string;
  /** The last sequence on the subject that this message builds on; 0 for the first. */
  expected?: number;
  traceparent?: string | undefined;
  /** Further header lines, which end with CR LF. */
  lines?: string;
  timeoutMs?: number;
}

interface Ack {
  seq?: number;
  error?: { err_code?: number; description?: string };
}

/** What a stream said to a message: stored, or another was first. */
export type Published = { ok: true; seq: number } | { ok: false };

interface Pending {
  subject: string;
  deadline: number;
  resolve(published: Published): void;
  reject(error: unknown): void;
}

const publishers = new WeakMap<NatsConnection, StreamPublisher>();

/** Publishes to streams and waits for their answers on one inbox: a request for each message costs twice as much. */
export class StreamPublisher {
  readonly #nc: NatsConnection;
  readonly #inbox: string;
  readonly #pending = new Map<string, Pending>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(nc: NatsConnection) {
    this.#nc = nc;
    this.#inbox = inboxOf(nc);
    nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.#answer(message);
      },
    });
    void this.#hearRefusals();
  }

  /** The publisher of a connection; it ends with the connection. */
  static of(nc: NatsConnection): StreamPublisher {
    const publisher = publishers.get(nc) ?? new StreamPublisher(nc);
    publishers.set(nc, publisher);
    return publisher;
  }

  /** Resolves when the stream has the message, or has another one. @throws LatticeError when it does not answer or refuses. */
  publish(subject: string, payload: Uint8Array, options: StreamPublishOptions): Promise<Published> {
    const { id, expected, traceparent, lines: more = '', timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    let lines = `${PROTOCOL_HEADER}: ${PROTOCOL_VERSION}\r\nNats-Msg-Id: ${id}\r\n`;
    if (expected !== undefined) lines += `Nats-Expected-Last-Subject-Sequence: ${expected}\r\n`;
    if (traceparent !== undefined) lines += `traceparent: ${traceparent}\r\n`;
    lines += more;
    const reply = `${this.#inbox}.${++this.#count}`;
    return new Promise((resolve, reject) => {
      this.#nc.publish(subject, payload, { reply, headers: new LineHeaders(lines) });
      this.#pending.set(reply, { subject, deadline: performance.now() + timeoutMs, resolve, reject });
      this.#timer ??= setTimeout(() => this.#look(), LOOK_MS);
    });
  }

  #answer(message: Msg): void {
    const pending = this.#pending.get(message.subject);
    if (!pending) return;
    this.#pending.delete(message.subject);
    if (message.headers?.code === NO_RESPONDERS) {
      pending.reject(new LatticeError('not_connected', 'No stream takes this message now.'));
      return;
    }
    const { seq, error } = (parseJson(message.data) ?? {}) as Ack;
    // A refusal also carries a sequence: 0.
    if (!error && seq !== undefined) pending.resolve({ ok: true, seq });
    else if (WRONG_LAST_SEQUENCE.has(error?.err_code)) pending.resolve({ ok: false });
    else
      pending.reject(
        new LatticeError(
          'io_failed',
          `The stream refused a message: ${error?.description ?? 'no reason given'}.`,
          {
            hint: 'Look at the free space and the limits of the hub.',
          },
        ),
      );
  }

  /** What the hub does not allow is never answered, so who waits for it hears it here. */
  async #hearRefusals(): Promise<void> {
    for await (const status of this.#nc.status()) {
      if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
      const { operation, subject } = status.error;
      if (operation !== 'publish') continue;
      for (const [reply, pending] of this.#pending) {
        if (pending.subject !== subject) continue;
        this.#pending.delete(reply);
        pending.reject(
          new LatticeError('auth_failed', 'The hub does not let this device change or give work.', {
            hint: 'Ask the host for another role.',
          }),
        );
      }
    }
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    const isClosed = this.#nc.isClosed();
    for (const [reply, pending] of this.#pending) {
      if (pending.deadline > now && !isClosed) continue;
      this.#pending.delete(reply);
      pending.reject(new LatticeError('not_connected', 'The hub did not confirm a message in time.'));
    }
    if (this.#pending.size > 0) this.#timer = setTimeout(() => this.#look(), LOOK_MS);
  }
}
