import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { parseJson } from './json.ts';
import { within } from './within.ts';

/** A node that stops does not wait longer for a hub that is away, in milliseconds. */
const STOP_MS = 1_000;

const leaseSchema = z.looseObject({ holder: z.string().max(200), term: z.int().min(0) });

export interface LeaseOptions {
  nc: NatsConnection;
  bucket: string;
  key: string;
  /** Unique for each process. */
  holder: string;
  /** How often the holder renews, in milliseconds. */
  renewMs: number;
  /** A lease that was not renewed for this long, on the clock of who looks, is free; in milliseconds. */
  expireMs: number;
}

/** One holder among many nodes: a key in a KV bucket that its holder renews and that others take when it goes stale. */
export class Lease implements AsyncDisposable {
  readonly #options: LeaseOptions;
  readonly #timer: NodeJS.Timeout;
  #kv: Promise<KV> | undefined;
  #revision = 0;
  #term = 0;
  #seenAt = 0;
  #renewedAt: number | undefined;
  #busy: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), options.renewMs);
    this.#tick();
  }

  /** Whether this process holds the lease now. */
  get isHeld(): boolean {
    return this.#renewedAt !== undefined && performance.now() - this.#renewedAt < this.#options.expireMs;
  }

  #tick(): void {
    this.#busy = this.#busy.then(() => (this.#disposed ? undefined : this.#step())).catch(() => undefined);
  }

  async #step(): Promise<void> {
    const { nc, bucket, key, expireMs } = this.#options;
    if (nc.isClosed()) return;
    this.#kv ??= new Kvm(nc).create(bucket, { history: 1 }).catch((error: unknown) => {
      this.#kv = undefined;
      throw error;
    });
    const kv = await this.#kv;
    if (this.isHeld) return this.#take(kv, this.#revision);
    const entry = await kv.get(key);
    if (entry?.operation !== 'PUT') return this.#take(kv, entry?.revision ?? 0);
    const now = performance.now();
    if (entry.revision !== this.#revision || this.#seenAt === 0) {
      this.#revision = entry.revision;
      this.#seenAt = now;
    }
    const parsed = leaseSchema.safeParse(parseJson(entry.value));
    this.#term = parsed.success ? parsed.data.term : this.#term;
    const isFree = !parsed.success || parsed.data.holder === '' || now - this.#seenAt > expireMs;
    if (isFree) await this.#take(kv, entry.revision);
  }

  /** Takes or renews; the server refuses when someone else was first. */
  async #take(kv: KV, revision: number): Promise<void> {
    const { key, holder } = this.#options;
    const at = performance.now();
    const term = this.isHeld ? this.#term : this.#term + 1;
    try {
      this.#revision = await kv.put(key, JSON.stringify({ holder, term }), { previousSeq: revision });
      this.#term = term;
      this.#renewedAt = at;
    } catch (error) {
      this.#renewedAt = undefined;
      this.#seenAt = 0;
      throw error;
    }
  }

  /** Gives the lease back, so that another node takes it at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearInterval(this.#timer);
    await within(STOP_MS, this.#busy);
    if (!this.isHeld || this.#options.nc.isClosed()) return;
    const free = JSON.stringify({ holder: '', term: this.#term });
    const given = this.#kv?.then((kv) => kv.put(this.#options.key, free, { previousSeq: this.#revision }));
    await within(STOP_MS, given);
    this.#renewedAt = undefined;
  }
}
