import { type LiveDelta, type LiveSource, LiveValue } from '../../src-shared/live.ts';
import type { HubMetrics } from '../../src-shared/views/hub.ts';
import { type Counters, connectionsOf, emptyMetrics, sampleOf, streamsOf } from './metrics.ts';
import { connzSchema, jszSchema, readMonitor, varzSchema } from './monitor-client.ts';

const KEPT_SAMPLES = 120;
/** Beyond this gap, in milliseconds, a rate would be an average of what nobody watched. */
const LONGEST_GAP_MS = 10_000;
const CONNECTIONS = '/connz?auth=1&limit=10000';
const STREAMS = '/jsz?streams=1&consumers=0&config=1';

export interface HubMonitorOptions {
  /** Where the monitor is now; undefined while the hub does not run. */
  url: () => string | undefined;
  /** Milliseconds between two looks. */
  intervalMs: number;
}

/** The hub's figures each second, asked for only while somebody listens. */
export class HubMonitor implements LiveSource<HubMetrics>, Disposable {
  readonly #options: HubMonitorOptions;
  readonly #value = new LiveValue<HubMetrics>(emptyMetrics);
  #listeners = 0;
  #timer: NodeJS.Timeout | undefined;
  #before: Counters | undefined;
  #disposed = false;

  constructor(options: HubMonitorOptions) {
    this.#options = options;
  }

  snapshot(): HubMetrics[] {
    return this.#value.snapshot();
  }

  on(listener: (delta: LiveDelta<HubMetrics>) => void): Disposable {
    const registration = this.#value.on(listener);
    this.#listeners += 1;
    if (this.#listeners === 1) this.#schedule(0);
    let open = true;
    return {
      [Symbol.dispose]: () => {
        if (!open) return;
        open = false;
        registration[Symbol.dispose]();
        this.#listeners -= 1;
        if (this.#listeners === 0) this.#pause();
      },
    };
  }

  /** True while it asks the hub; a test for leaks reads it. */
  get polling(): boolean {
    return this.#timer !== undefined;
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#pause();
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(delayMs: number): void {
    if (this.#disposed) return;
    const timer = setTimeout(() => {
      void this.#look().finally(() => {
        // Another timer here means that listening stopped and began again while this look was under way.
        if (this.#timer === timer) this.#schedule(this.#options.intervalMs);
      });
    }, delayMs);
    timer.unref();
    this.#timer = timer;
  }

  async #look(): Promise<void> {
    const url = this.#options.url();
    if (url === undefined) return;
    try {
      const [varz, connz, jsz] = await Promise.all([
        readMonitor(url, '/varz', varzSchema),
        readMonitor(url, CONNECTIONS, connzSchema),
        readMonitor(url, STREAMS, jszSchema),
      ]);
      const now: Counters = { at: Date.now(), varz };
      const before = this.#before && now.at - this.#before.at <= LONGEST_GAP_MS ? this.#before : undefined;
      this.#before = now;
      if (this.#listeners === 0) return;
      this.#value.set({
        samples: [...this.#value.value.samples, sampleOf(now, before)].slice(-KEPT_SAMPLES),
        connections: connectionsOf(connz),
        streams: streamsOf(jsz),
        store_bytes: jsz.storage,
        max_store_bytes: jsz.config.max_storage,
      });
    } catch {
      // The hub is starting or gone; its view says so, and a gap in the samples shows it.
      this.#before = undefined;
    }
  }
}
