import { AckPolicy, DeliverPolicy, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { type Msg, type NatsConnection, nanos, type Subscription } from '@nats-io/nats-core';
import { type Delivery, parseDelivery } from './delivery.ts';
import { inboxOf } from './inbox.ts';
import type { Lane } from './queue.ts';
import { reconnectsOf } from './reconnects.ts';
import { within } from './within.ts';

/** A pull whose batch the server cut short says nothing more; it is over after this quiet time, in milliseconds. */
const QUIET_MS = 25;
const IDLE_HEARTBEAT = 100;
const ANSWER_MS = 2_000;
const WAIT_MS = 30_000;
const STOP_MS = 1_000;
/** When a lane whose consumer could not be made is tried again, in milliseconds. */
const AGAIN_MS = 1_000;
const MAX_ACK_PENDING = 20_000;
const MAX_WAITING = 4_096;

export interface QueueReaderOptions {
  nc: NatsConnection;
  /** A message that nobody confirms for this long goes to another station, in milliseconds. */
  ackWaitMs: number;
  onMessage(lane: Lane, message: Delivery): void;
  /** Called when a lane that waited may have something, or has to be asked again. */
  onWake(): void;
}

interface Pull {
  reply: string;
  lane: Lane;
  left: number;
  received: number;
  timer: NodeJS.Timeout;
  done(received: number): void;
}

/**
 * Pulls from the lanes of the work queues. One inbox serves every pull, so a message that comes late is handed
 * back at once instead of waiting for its lease to lapse.
 */
export class QueueReader implements AsyncDisposable {
  readonly #options: QueueReaderOptions;
  readonly #inbox: string;
  readonly #pulls = new Map<string, Pull>();
  readonly #waiting = new Set<string>();
  readonly #consumers = new Map<string, Promise<unknown>>();
  readonly #subscription: Subscription;
  readonly #reconnect: Disposable;
  #jsm: Promise<JetStreamManager> | undefined;
  #count = 0;
  #disposed = false;
  #again: NodeJS.Timeout | undefined;

  constructor(options: QueueReaderOptions) {
    this.#options = options;
    this.#inbox = inboxOf(options.nc);
    this.#subscription = options.nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.#answer(message);
      },
    });
    this.#reconnect = reconnectsOf(options.nc).on(() => this.#startOver());
  }

  /** Whether the server will tell as soon as something comes into the lane. */
  isWaiting(lane: Lane): boolean {
    return this.#waiting.has(lane.durable);
  }

  /** Asks for up to `count` messages that are there now; resolves with how many came. */
  async take(lane: Lane, count: number): Promise<number> {
    if (!(await this.#ensure(lane))) return 0;
    return new Promise((resolve) => {
      this.#send(lane, count, { no_wait: true }, ANSWER_MS, resolve);
    });
  }

  /** Asks for the next message of an empty lane, whenever it comes. */
  async wait(lane: Lane): Promise<void> {
    // A connection that is closed for good never has news, and to ask it again and again would leave time for nothing else.
    if (this.#waiting.has(lane.durable) || this.#options.nc.isClosed()) return;
    this.#waiting.add(lane.durable);
    if (!(await this.#ensure(lane))) {
      this.#waiting.delete(lane.durable);
      this.#wakeLater();
      return;
    }
    this.#send(lane, 1, { expires: nanos(WAIT_MS) }, WAIT_MS + ANSWER_MS, () => {
      this.#waiting.delete(lane.durable);
      // A closed connection never comes back, and a pull on it ends at once: waking would turn in circles.
      if (!this.#options.nc.isClosed()) this.#options.onWake();
    });
  }

  /** A hub that reads its config anew refuses consumers for a moment, and tells nobody when it takes them again. */
  #wakeLater(): void {
    if (this.#disposed) return;
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      if (!this.#options.nc.isClosed()) this.#options.onWake();
    }, AGAIN_MS);
  }

  /** One pull a lane: a message names its lane by its subject, an answer without one names its pull. */
  #send(
    lane: Lane,
    count: number,
    request: object,
    giveUpMs: number,
    done: (received: number) => void,
  ): void {
    const { nc } = this.#options;
    const reply = `${this.#inbox}.${++this.#count}`;
    const timer = setTimeout(() => this.#finish(lane.subject, reply), giveUpMs);
    this.#pulls.set(lane.subject, { reply, lane, left: count, received: 0, timer, done });
    if (this.#disposed || nc.isClosed()) this.#finish(lane.subject, reply);
    else
      nc.publish(
        `$JS.API.CONSUMER.MSG.NEXT.${lane.stream}.${lane.durable}`,
        JSON.stringify({ batch: count, ...request }),
        { reply },
      );
  }

  #answer(message: Msg): void {
    const delivery = parseDelivery(message);
    if (!delivery) {
      this.#end(message);
      return;
    }
    const pull = this.#pulls.get(message.subject);
    if (!pull) {
      delivery.nak();
      return;
    }
    pull.received++;
    pull.left--;
    this.#options.onMessage(pull.lane, delivery);
    if (pull.left <= 0 || delivery.pending === 0) this.#finish(message.subject, pull.reply);
    else {
      clearTimeout(pull.timer);
      pull.timer = setTimeout(() => this.#finish(message.subject, pull.reply), QUIET_MS);
    }
  }

  /** The server has nothing more for a pull, or refuses it. */
  #end(message: Msg): void {
    const code = message.headers?.code ?? 0;
    const pull = [...this.#pulls.values()].find((one) => one.reply === message.subject);
    if (!pull || code === IDLE_HEARTBEAT) return;
    // Anything but "nothing there" and "time is up" may mean that the consumer is gone.
    if (code !== 404 && code !== 408) this.#consumers.delete(pull.lane.durable);
    this.#finish(pull.lane.subject, pull.reply);
  }

  #finish(subject: string, reply: string): void {
    const pull = this.#pulls.get(subject);
    if (pull?.reply !== reply) return;
    clearTimeout(pull.timer);
    this.#pulls.delete(subject);
    pull.done(pull.received);
  }

  /** Makes sure the consumer of a lane exists; false when it could not be made for now. */
  async #ensure(lane: Lane): Promise<boolean> {
    const existing = this.#consumers.get(lane.durable);
    const made = existing ?? this.#create(lane);
    this.#consumers.set(lane.durable, made);
    try {
      await made;
      return true;
    } catch {
      this.#consumers.delete(lane.durable);
      return false;
    }
  }

  async #create(lane: Lane): Promise<void> {
    this.#jsm ??= jetstreamManager(this.#options.nc, { checkAPI: false });
    const jsm = await this.#jsm;
    await jsm.consumers.add(lane.stream, {
      durable_name: lane.durable,
      filter_subject: lane.subject,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(this.#options.ackWaitMs),
      deliver_policy: DeliverPolicy.All,
      max_deliver: -1,
      max_ack_pending: MAX_ACK_PENDING,
      max_waiting: MAX_WAITING,
    });
  }

  /** After a reconnect the server knows none of our pulls. */
  #startOver(): void {
    this.#consumers.clear();
    for (const pull of [...this.#pulls.values()]) this.#finish(pull.lane.subject, pull.reply);
    this.#options.onWake();
  }

  /** Pulls no more; what the server has sent already is handed back at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#again);
    this.#reconnect[Symbol.dispose]();
    for (const pull of [...this.#pulls.values()]) this.#finish(pull.lane.subject, pull.reply);
    if (!this.#options.nc.isClosed()) await within(STOP_MS, this.#subscription.drain());
  }
}
