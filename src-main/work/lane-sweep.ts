import type { NatsConnection } from '@nats-io/nats-core';
import type { Delivery } from './delivery.ts';
import type { Lane } from './queue.ts';
import { QueueReader } from './queue-reader.ts';
import { Turns } from './turns.ts';
import { within } from './within.ts';

/** A lane that was empty is not asked again for this time, in milliseconds, while others have work. */
const EMPTY_MS = 100;
const STOP_MS = 1_000;

export interface LaneSweepOptions {
  nc: NatsConnection;
  ackWaitMs: number;
  /** How many more runs may start now: on the station, or of one agent. */
  free(agent?: string): number;
  onMessage(delivery: Delivery): void;
}

/** Fills free slots from the lanes in the order of priority; while nothing is there, waits on every lane. */
export class LaneSweep implements AsyncDisposable {
  readonly #options: LaneSweepOptions;
  readonly #reader: QueueReader;
  readonly #turns = new Turns();
  readonly #emptyAt = new Map<string, number>();
  #lanes: readonly Lane[] = [];
  #rotation = 0;
  #expected = 0;
  #sweeping: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: LaneSweepOptions) {
    this.#options = options;
    this.#reader = new QueueReader({
      nc: options.nc,
      ackWaitMs: options.ackWaitMs,
      onMessage: (lane, delivery) => {
        this.#emptyAt.delete(lane.durable);
        options.onMessage(delivery);
      },
      onWake: () => this.wake(),
    });
  }

  /** Reads from these lanes from now on. */
  setLanes(lanes: readonly Lane[]): void {
    this.#lanes = lanes;
    this.wake();
  }

  /** Looks for work again; call it when a slot became free. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = undefined;
      if (this.#again) this.wake();
    });
  }

  async #sweep(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      while (this.#room() > 0 && (await this.#takeSome()));
      if (this.#room() <= 0) continue;
      const open = this.#lanes.filter((lane) => !this.#reader.isWaiting(lane) && this.#room(lane.agent) > 0);
      await Promise.all(open.map((lane) => this.#reader.wait(lane)));
    }
  }

  #room(agent?: string): number {
    if (this.#stopped) return 0;
    return this.#options.free(agent) - this.#expected;
  }

  async #takeSome(): Promise<boolean> {
    for (const { level, due } of this.#turns.order()) {
      const lanes = this.#lanesOf(level);
      for (const lane of lanes) {
        const room = Math.min(this.#room(), this.#room(lane.agent));
        if (room <= 0 || this.#isEmpty(lane)) continue;
        const taken = await this.#take(lane, due ? 1 : room);
        if (taken > 0) {
          this.#turns.took(level, taken);
          return true;
        }
        this.#emptyAt.set(lane.durable, performance.now());
      }
      if (lanes.every((lane) => this.#isEmpty(lane))) this.#turns.empty(level);
    }
    return false;
  }

  async #take(lane: Lane, count: number): Promise<number> {
    this.#expected += count;
    try {
      return await this.#reader.take(lane, count);
    } finally {
      this.#expected -= count;
    }
  }

  /** The lanes of a level: the station's own first, then the agents', each in front in its turn. */
  #lanesOf(level: number): Lane[] {
    const lanes = this.#lanes.filter((lane) => lane.level === level);
    const own = lanes.filter((lane) => lane.agent === undefined);
    const shared = lanes.filter((lane) => lane.agent !== undefined);
    const first = shared.length > 0 ? this.#rotation++ % shared.length : 0;
    return [...own, ...shared.slice(first), ...shared.slice(0, first)];
  }

  #isEmpty(lane: Lane): boolean {
    const at = this.#emptyAt.get(lane.durable);
    return this.#reader.isWaiting(lane) || (at !== undefined && performance.now() - at < EMPTY_MS);
  }

  /** Pulls no more; what still arrives goes to `onMessage`, which hands it back. */
  stop(): void {
    this.#stopped = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.#reader[Symbol.asyncDispose]();
    await within(STOP_MS, this.#sweeping);
  }
}
