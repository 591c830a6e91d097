import { type Msg, type NatsConnection, nuid } from '@nats-io/nats-core';

/** Where one answer comes back; `close` when it came or is not wanted any more. */
export interface ReplyAddress {
  readonly subject: string;
  close(): void;
}

/** One subscription for all answers to this process; it holds through a lost connection. */
export class ReplyInbox implements Disposable {
  /** A subject that has a listener as long as this process lives: who gets no responders there knows it is gone. */
  readonly alive: string;
  readonly #base: string;
  readonly #handlers = new Map<string, (message: Msg) => void>();
  readonly #subscription: { unsubscribe(): void };
  #next = 0;

  constructor(nc: NatsConnection, prefix: string) {
    this.#base = `${prefix}.${nuid.next()}`;
    this.alive = `${this.#base}.alive`;
    const start = this.#base.length + 1;
    this.#subscription = nc.subscribe(`${this.#base}.*`, {
      callback: (error, message) => {
        if (!error) this.#handlers.get(message.subject.slice(start))?.(message);
      },
    });
  }

  /** How many answers are awaited. */
  get size(): number {
    return this.#handlers.size;
  }

  /** Calls `handler` for each message on a new address until it is closed. */
  open(handler: (message: Msg) => void): ReplyAddress {
    const name = (this.#next++).toString(36);
    this.#handlers.set(name, handler);
    return { subject: `${this.#base}.${name}`, close: () => void this.#handlers.delete(name) };
  }

  [Symbol.dispose](): void {
    this.#handlers.clear();
    this.#subscription.unsubscribe();
  }
}

/** Whether the hub says that nobody listens on the subject a request went to. */
export function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}
