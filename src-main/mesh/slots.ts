import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';

export interface SlotsOptions {
  /** How many runs this station carries at once. */
  maxParallel: number;
  /** The own limit of an agent, where it has one. */
  agentLimit?: (agent: string) => number | undefined;
}

export interface AcquireOptions {
  /** How long to wait for a free slot, in milliseconds; 0 answers at once, Infinity waits for ever. */
  waitMs: number;
  signal?: AbortSignal;
  /** Called once when the run has to wait, with the number of runs before it. */
  onQueued?: (position: number) => void;
}

/** A taken slot; disposing it twice gives it back once. */
export interface SlotLease extends Disposable {
  readonly agent: string;
}

interface Waiter {
  agent: string;
  grant(lease: SlotLease): void;
}

/** The slots of this station: first come, first served, and a full agent does not hold up the others. */
export class Slots {
  /** Something started, ended or joined the queue. */
  readonly changed = new Emitter<void>();
  readonly #agentLimit: (agent: string) => number | undefined;
  readonly #running = new Map<string, number>();
  readonly #waiting: Waiter[] = [];
  #maxParallel: number;
  #total = 0;

  constructor(options: SlotsOptions) {
    this.#maxParallel = options.maxParallel;
    this.#agentLimit = options.agentLimit ?? (() => undefined);
  }

  get running(): number {
    return this.#total;
  }

  get capacity(): number {
    return this.#maxParallel;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  /** Changes the limit; running work stays, waiting work starts when there is room. */
  resize(maxParallel: number): void {
    this.#maxParallel = maxParallel;
    this.#serve();
    this.changed.emit();
  }

  /** How many more runs could start now, on this station or of one agent; never below 0. */
  free(agent?: string): number {
    const left = this.#maxParallel - this.#total;
    const limit = agent === undefined ? undefined : this.#agentLimit(agent);
    const own = limit === undefined ? left : limit - (this.#running.get(agent ?? '') ?? 0);
    return Math.max(0, Math.min(left, own));
  }

  /** Whether a run of this agent could start now. */
  hasRoom(agent: string): boolean {
    if (this.#total >= this.#maxParallel) return false;
    const limit = this.#agentLimit(agent);
    return limit === undefined || (this.#running.get(agent) ?? 0) < limit;
  }

  /** Takes a slot at once, or `undefined` when there is none or others wait for it. */
  tryAcquire(agent: string): SlotLease | undefined {
    const first = !this.#waiting.some((waiter) => this.hasRoom(waiter.agent));
    if (!first || !this.hasRoom(agent)) return undefined;
    const lease = this.#take(agent);
    this.changed.emit();
    return lease;
  }

  /**
   * Takes a slot, waiting for one up to `waitMs`.
   * @throws LatticeError `busy` with the counts in its details, or `cancelled` by `signal`.
   */
  async acquire(agent: string, options: AcquireOptions): Promise<SlotLease> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled(agent);
    const lease = this.tryAcquire(agent);
    if (lease) return lease;
    if (options.waitMs <= 0) throw this.#busy(agent);
    return new Promise<SlotLease>((resolve, reject) => {
      const waiter: Waiter = { agent, grant: (granted) => end(() => resolve(granted)) };
      const onAbort = () => end(() => reject(cancelled(agent)));
      const timer = Number.isFinite(options.waitMs)
        ? setTimeout(() => end(() => reject(this.#busy(agent))), options.waitMs)
        : undefined;
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        settle();
        this.changed.emit();
      };
      signal?.addEventListener('abort', onAbort);
      this.#waiting.push(waiter);
      options.onQueued?.(this.#waiting.length - 1);
      this.changed.emit();
    });
  }

  #take(agent: string): SlotLease {
    this.#total++;
    this.#running.set(agent, (this.#running.get(agent) ?? 0) + 1);
    let held = true;
    return {
      agent,
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        this.#total--;
        const left = (this.#running.get(agent) ?? 1) - 1;
        if (left > 0) this.#running.set(agent, left);
        else this.#running.delete(agent);
        this.#serve();
        this.changed.emit();
      },
    };
  }

  #serve(): void {
    for (let next = this.#nextWaiter(); next; next = this.#nextWaiter()) next.grant(this.#take(next.agent));
  }

  #nextWaiter(): Waiter | undefined {
    return this.#waiting.find((waiter) => this.hasRoom(waiter.agent));
  }

  #busy(agent: string): LatticeError {
    const own = this.#running.get(agent) ?? 0;
    const limit = this.#agentLimit(agent);
    const byAgent = limit !== undefined && own >= limit;
    const [running, capacity] = byAgent ? [own, limit] : [this.#total, this.#maxParallel];
    const what = byAgent ? `${agent} already runs` : 'This station already runs';
    return new LatticeError('busy', `${what} ${running} of ${capacity}.`, {
      hint: 'Wait for a free slot with --wait, or raise the limit.',
      details: { running, capacity, queued: this.#waiting.length },
    });
  }
}

function cancelled(agent: string): LatticeError {
  return new LatticeError('cancelled', `The run of ${agent} was cancelled before it started.`);
}
