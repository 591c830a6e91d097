import {
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JsMsg,
  jetstream,
  type OrderedPushConsumerOptions,
  type PushConsumer,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { reconnectsOf } from './reconnects.ts';

const RETRY_MS = 250;

/** Where a follower begins: everything, the last message of each subject, what is new, a time, or a sequence. */
export type FollowFrom = 'all' | 'last_per_subject' | 'new' | { time: Date } | { seq: number };

export interface FollowOptions {
  nc: NatsConnection;
  stream: string;
  /** One subject, with wildcards; several need a newer server than we ask for. */
  filter: string;
  from: FollowFrom;
  onMessage(message: JsMsg): void;
  /** Called once, when everything that was there at the start has been delivered. */
  onCaughtUp?(): void;
  /** Called when the server refuses for now; the follower tries again by itself. */
  onTrouble?(error: unknown): void;
}

/** Reads a stream in order and stays in step; after a reconnect it goes on at once where it was. */
export class Follower implements AsyncDisposable {
  readonly #options: FollowOptions;
  readonly #js: JetStreamClient;
  readonly #reconnect: Disposable;
  #reading: { consumer: PushConsumer; messages: ConsumerMessages } | undefined;
  #lastSeq = 0;
  #startSeq: number | undefined;
  #caughtUp = false;
  #generation = 0;
  #disposed = false;
  #retry: NodeJS.Timeout | undefined;

  private constructor(options: FollowOptions) {
    this.#options = options;
    this.#js = jetstream(options.nc);
    this.#reconnect = reconnectsOf(options.nc).on(() => void this.#reopen());
  }

  /** Starts to follow. @throws when the first opening fails. */
  static async start(options: FollowOptions): Promise<Follower> {
    const follower = new Follower(options);
    try {
      await follower.#open();
    } catch (error) {
      await follower[Symbol.asyncDispose]();
      throw error;
    }
    return follower;
  }

  /** The sequence of the last message delivered, 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  async #open(): Promise<void> {
    const generation = ++this.#generation;
    await this.#close();
    const { stream, filter } = this.#options;
    if (this.#options.from === 'new' && this.#startSeq === undefined)
      this.#startSeq =
        (await (await this.#js.jetstreamManager(false)).streams.info(stream)).state.last_seq + 1;
    const consumer = await this.#js.consumers.getPushConsumer(stream, {
      filter_subjects: filter,
      ...this.#start(),
    });
    const pending = (await consumer.info(true)).num_pending;
    const messages = await consumer.consume({
      callback: (message) => {
        if (generation === this.#generation) this.#deliver(message);
      },
    });
    if (this.#disposed || generation !== this.#generation) {
      await endReading({ consumer, messages });
      return;
    }
    this.#reading = { consumer, messages };
    if (pending === 0) this.#reachEnd();
  }

  #start(): Partial<OrderedPushConsumerOptions> {
    if (this.#lastSeq > 0) return { opt_start_seq: this.#lastSeq + 1 };
    if (this.#startSeq !== undefined) return { opt_start_seq: this.#startSeq };
    const { from } = this.#options;
    if (from === 'last_per_subject') return { deliver_policy: DeliverPolicy.LastPerSubject };
    if (typeof from === 'object' && 'time' in from) return { opt_start_time: from.time.toISOString() };
    if (typeof from === 'object') return { opt_start_seq: Math.max(1, from.seq) };
    return { deliver_policy: DeliverPolicy.All };
  }

  #deliver(message: JsMsg): void {
    if (message.seq <= this.#lastSeq) return;
    this.#lastSeq = message.seq;
    this.#options.onMessage(message);
    if (message.info.pending === 0) this.#reachEnd();
  }

  #reachEnd(): void {
    if (this.#caughtUp) return;
    this.#caughtUp = true;
    this.#options.onCaughtUp?.();
  }

  async #reopen(): Promise<void> {
    if (this.#disposed) return;
    clearTimeout(this.#retry);
    try {
      await this.#open();
    } catch (error) {
      if (this.#disposed || this.#options.nc.isClosed()) return;
      this.#options.onTrouble?.(error);
      this.#retry = setTimeout(() => void this.#reopen(), RETRY_MS);
    }
  }

  async #close(): Promise<void> {
    const reading = this.#reading;
    this.#reading = undefined;
    if (reading) await endReading(reading);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#generation++;
    clearTimeout(this.#retry);
    this.#reconnect[Symbol.dispose]();
    await this.#close();
  }
}

/** Ends a reading, and tells the server so; it would keep the consumer for minutes otherwise. */
async function endReading({ consumer, messages }: { consumer: PushConsumer; messages: ConsumerMessages }) {
  await messages.close();
  void consumer.delete().catch(() => undefined);
}

/** Everything in a stream on one subject, from the start to its present end. */
export async function readAll(
  nc: NatsConnection,
  stream: string,
  filter: string,
  onMessage: (message: JsMsg) => void,
  from: FollowFrom = 'all',
): Promise<void> {
  let follower: Follower | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      void nc.closed().then(() => resolve());
      const options = { nc, stream, filter, from, onMessage, onCaughtUp: resolve };
      Follower.start(options).then((started) => {
        follower = started;
      }, reject);
    });
  } finally {
    await follower?.[Symbol.asyncDispose]();
  }
}
