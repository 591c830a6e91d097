import { type FSWatcher, watch } from 'chokidar';
import { Emitter } from '../../src-shared/emitter.ts';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';
import type { RoutingStand } from '../../src-shared/views/routing.ts';
import type { StateStore } from './state-store.ts';
import type { UsageLog } from './usage-log.ts';

/** Calls come in bursts; the window hears of them together after this time, in milliseconds. */
const SETTLE_MS = 150;

export interface StandSourceOptions {
  store: Pick<StateStore, 'read'>;
  usage: Pick<UsageLog, 'figures' | 'latencies'>;
  /** `state.json` and the folder of the usage log. */
  files: readonly string[];
  /** ms since 1970 */
  now?: () => number;
}

/** Where routing stands on this machine; it follows the files only while someone listens. */
export class StandSource implements LiveSource<RoutingStand>, AsyncDisposable {
  readonly #options: StandSourceOptions;
  readonly #changes = new Emitter<LiveDelta<RoutingStand>>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StandSourceOptions) {
    this.#options = options;
  }

  snapshot(): RoutingStand[] {
    const { store, usage, now = Date.now } = this.#options;
    const at = now();
    const { routing_state, cool_downs, reservations } = store.read();
    return [
      {
        state: { routing_state, cool_downs, reservations } as RoutingStand['state'],
        figures: usage.figures(at),
        latencies: usage.latencies(at),
        at,
      },
    ];
  }

  on(listener: (delta: LiveDelta<RoutingStand>) => void): Disposable {
    const own = this.#changes.on(listener);
    if (this.#watcher === undefined) {
      this.#watcher = watch([...this.#options.files], { ignoreInitial: true });
      this.#watcher.on('all', () => this.#schedule());
      this.#watcher.on('error', () => this.#schedule());
    }
    return {
      [Symbol.dispose]: () => {
        own[Symbol.dispose]();
        if (this.#changes.size === 0) void this.#rest();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rest();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changes.emit({ upserts: this.snapshot(), removes: [] });
    }, SETTLE_MS);
  }

  async #rest(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const watcher = this.#watcher;
    this.#watcher = undefined;
    await watcher?.close();
  }
}
