import { setTimeout as pause } from 'node:timers/promises';
import type { KV, KvWatchEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { USAGE_DAYS, type UsageDay, usageDaySchema } from '../../src-shared/protocol/usage.ts';
import { usageDayKey } from '../../src-shared/views/usage.ts';
import { type BucketSpec, openBucket } from '../mesh/buckets.ts';
import type { Problems } from '../mesh/problems.ts';
import { encode, read } from '../mesh/wire.ts';
import type { UsageService } from './usage-service.ts';

export interface UsageShareOptions {
  /** The client; throws while there is none. */
  nc: () => NatsConnection;
  org: string;
  usage: UsageService;
  /** Where a person sees what is wrong. */
  problems: Problems;
  /** Milliseconds before it is tried again after a failure. */
  retryMs?: number;
}

const RETRY_MS = 5_000;
/** Calls that end within this time are one message. */
const GATHER_MS = 300;
/** This much silence says that everything was read, should the hub have counted wrong. */
const QUIET_MS = 1_000;
/** How long the end waits for the last calls to be told. */
const LAST_WORD_MS = 1_000;
const UNREADABLE = 'usage.unreadable';
const UNSHARED = 'usage.unshared';

/** The bucket in which every station tells what it used. */
export function usageBucket(org: string): BucketSpec {
  return {
    name: namesOf(org).usageBucket,
    history: 1,
    description: 'What models cost by day and Lattice station',
    ttlMs: USAGE_DAYS * 86_400_000,
  };
}

/** Tells the lattice what this station used, and shows what the others tell, until it is disposed. */
export class UsageShare implements AsyncDisposable {
  readonly #options: UsageShareOptions;
  readonly #stop = new AbortController();
  readonly #unreadable = new Set<string>();
  /** What the bucket has of this station, by key. */
  readonly #told = new Map<string, string>();
  readonly #working: Promise<void>;
  #kv: KV | undefined;

  constructor(options: UsageShareOptions) {
    this.#options = options;
    this.#working = this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { usage, problems } = this.#options;
    if (this.#kv !== undefined) {
      const lastWord = this.#tell(this.#kv).catch(() => undefined);
      await Promise.race([lastWord, pause(LAST_WORD_MS, undefined, { ref: false })]);
    }
    this.#stop.abort();
    await this.#working;
    usage.forgetOthers();
    problems.solve(UNREADABLE);
    problems.solve(UNSHARED);
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    const { problems, retryMs = RETRY_MS } = this.#options;
    await this.#options.usage.load();
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        problems.raise({
          id: UNSHARED,
          severity: 'warning',
          area: 'mesh',
          title: 'What models cost here is not shared',
          detail: `${why.replace(/\.$/, '')}. Nothing is lost: it is in the log of this machine and is shared when the hub takes it.`,
        });
      }
      await pause(retryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Follows the bucket and tells each change, until the connection ends. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { org, usage, problems } = this.#options;
    const spec = usageBucket(org);
    const { name } = spec;
    const bucket = await openBucket(this.#options.nc(), spec, true);
    if (bucket === undefined || signal.aborted) return;
    this.#showDifferences(name, bucket.differences);
    const { kv } = bucket;
    const watch = await kv.watch();
    if (signal.aborted) {
      watch.stop();
      return;
    }
    const change = new Wake();
    const end = () => {
      watch.stop();
      change.wake();
    };
    signal.addEventListener('abort', end, { once: true });
    const changes = usage.days.on(({ upserts }) => {
      if (upserts.some((day) => day.station_id === usage.stationId)) change.wake();
    });
    let ended = false;
    try {
      this.#told.clear();
      const whole = new Wake();
      if (bucket.info.state.messages === 0) whole.wake();
      const reading = this.#read(watch, whole).finally(() => {
        ended = true;
        whole.wake();
        change.wake();
      });
      await whole.next();
      this.#kv = kv;
      while (!signal.aborted && !ended) {
        await this.#tell(kv);
        problems.solve(UNSHARED);
        await change.next();
        await pause(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
      await reading;
    } finally {
      this.#kv = undefined;
      signal.removeEventListener('abort', end);
      changes[Symbol.dispose]();
      watch.stop();
    }
  }

  async #read(watch: AsyncIterable<KvWatchEntry>, whole: Wake): Promise<void> {
    const quiet = setTimeout(() => whole.wake(), QUIET_MS);
    try {
      for await (const entry of watch) {
        quiet.refresh();
        this.#take(entry);
        if (entry.delta === 0 || entry.isUpdate) whole.wake();
      }
    } finally {
      clearTimeout(quiet);
    }
  }

  #take(entry: KvWatchEntry): void {
    const { usage } = this.#options;
    if (entry.operation !== 'PUT') {
      this.#told.delete(entry.key);
      this.#readable(entry.key, true);
      usage.takeOthers([], [entry.key]);
      return;
    }
    const parsed = read(usageDaySchema, { data: entry.value });
    const matches = parsed.ok && usageDayKey(parsed.value) === entry.key;
    this.#readable(entry.key, matches);
    if (!parsed.ok || !matches) return;
    if (parsed.value.station_id === usage.stationId) this.#told.set(entry.key, contents(parsed.value));
    else usage.takeOthers([parsed.value]);
  }

  async #tell(kv: KV): Promise<void> {
    for (const day of this.#options.usage.ownDays()) {
      const key = usageDayKey(day);
      const text = contents(day);
      if (this.#told.get(key) === text) continue;
      await kv.put(key, encode(day));
      this.#told.set(key, text);
    }
  }

  #readable(key: string, readable: boolean): void {
    const { problems } = this.#options;
    if (readable) this.#unreadable.delete(key);
    else this.#unreadable.add(key);
    const [first] = this.#unreadable;
    if (first === undefined) problems.solve(UNREADABLE);
    else
      problems.raise({
        id: UNREADABLE,
        severity: 'warning',
        area: 'mesh',
        title: 'Usage of a station cannot be read',
        detail: `The entry ${first.slice(0, 100)} is not what this version understands, and is not counted (${this.#unreadable.size} in all).`,
      });
  }

  #showDifferences(name: string, differences: readonly string[]): void {
    const { problems } = this.#options;
    const id = `mesh.bucket.${name}`;
    if (differences.length === 0) problems.solve(id);
    else
      problems.raise({
        id,
        severity: 'warning',
        area: 'mesh',
        title: `Bucket ${name} is set up differently`,
        detail: `${differences.join(' ')} Nothing was changed.`,
      });
  }
}

/** Lets one loop sleep until there is something to do; a wake before the sleep is not lost. */
class Wake {
  #awake = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#awake = true;
    this.#resolve?.();
  }

  async next(): Promise<void> {
    if (!this.#awake)
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    this.#awake = false;
    this.#resolve = undefined;
  }
}

/** What counts as a change of an entry. */
function contents({ station_name, rows }: Pick<UsageDay, 'station_name' | 'rows'>): string {
  return JSON.stringify([station_name, rows]);
}
