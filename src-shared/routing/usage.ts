import { z } from 'zod';

const count = z.int().min(0).max(1e12);

/** One model call that ended, as the usage log keeps it. */
export const usageEntrySchema = z.looseObject({
  /** Names the call; a second entry with the same id corrects an estimate or is a repetition. */
  id: z.string().min(1).max(128),
  time: z.iso.datetime(),
  agent: z.string(),
  provider: z.string(),
  /** The whole name, `provider/model`. */
  model: z.string(),
  outcome: z.enum(['ok', 'rate_limited', 'failed', 'cancelled']),
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count.optional(),
  cache_write_tokens: count.optional(),
  /** Absent when neither the provider nor the price table says. */
  usd: z.number().min(0).max(1e9).optional(),
  /** True when the tokens were counted by us and not by the provider. */
  tokens_estimated: z.boolean().optional(),
  /** True when the money comes from the price table and not from the provider. */
  usd_estimated: z.boolean().optional(),
  latency_ms: z.number().min(0).max(1e10).optional(),
  session: z.string().max(256).optional(),
});
export type UsageEntry = z.infer<typeof usageEntrySchema>;

/** Sums over calls. */
export interface Totals {
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly usd: number;
  /** The part of `usd` that comes from the price table. */
  readonly estimated_usd: number;
  /** The part of the tokens that we counted ourselves. */
  readonly estimated_tokens: number;
  /** Calls that no price is known for. */
  readonly unpriced: number;
  readonly failed: number;
  readonly rate_limited: number;
}

/** What was used: the replay of a usage log. */
export interface UsageTotals {
  readonly all: Totals;
  readonly by_provider: Readonly<Record<string, Totals>>;
  readonly by_model: Readonly<Record<string, Totals>>;
  readonly by_agent: Readonly<Record<string, Totals>>;
  readonly by_day: Readonly<Record<string, Totals>>;
}

/** What was used today and in this calendar month. */
export interface UsageFigures {
  readonly today: UsageTotals;
  readonly month: UsageTotals;
}

export const noTotals: Totals = {
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  usd: 0,
  estimated_usd: 0,
  estimated_tokens: 0,
  unpriced: 0,
  failed: 0,
  rate_limited: 0,
};

/** The calendar day of a time on this machine, `2026-11-21`. */
export function dayOf(time: number | string): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * Adds usage entries up, one at a time. Of two entries with one id the numbers that the provider reported win,
 * whichever came first; otherwise the first one stays, so a repeated line counts once.
 */
export class UsageTally {
  readonly #calls = new Map<string, UsageEntry>();
  readonly #by = {
    provider: new Map<string, Totals>(),
    model: new Map<string, Totals>(),
    agent: new Map<string, Totals>(),
    day: new Map<string, Totals>(),
  };
  readonly #latencies = new Map<string, number>();
  #all = noTotals;

  add(entry: UsageEntry): void {
    const earlier = this.#calls.get(entry.id);
    if (earlier !== undefined && trust(entry) <= trust(earlier)) return;
    this.#calls.set(entry.id, entry);
    if (earlier !== undefined) this.#count(earlier, -1);
    this.#count(entry, 1);
    if (earlier !== undefined || entry.outcome !== 'ok' || entry.latency_ms === undefined) return;
    const before = this.#latencies.get(entry.model);
    const smoothed =
      before === undefined ? entry.latency_ms : before + (entry.latency_ms - before) * NEWEST_SHARE;
    this.#latencies.set(entry.model, smoothed);
  }

  totals(): UsageTotals {
    return {
      all: this.#all,
      by_provider: Object.fromEntries(this.#by.provider),
      by_model: Object.fromEntries(this.#by.model),
      by_agent: Object.fromEntries(this.#by.agent),
      by_day: Object.fromEntries(this.#by.day),
    };
  }

  /** Milliseconds to an answer by model: a mean in which the newest call weighs a fifth. */
  latencies(): Record<string, number> {
    return Object.fromEntries(this.#latencies);
  }

  #count(entry: UsageEntry, sign: 1 | -1): void {
    const one = totalsOf(entry, sign);
    this.#all = addTotals(this.#all, one);
    put(this.#by.provider, entry.provider, one);
    put(this.#by.model, entry.model, one);
    put(this.#by.agent, entry.agent, one);
    put(this.#by.day, dayOf(entry.time), one);
  }
}

const NEWEST_SHARE = 0.2;

/** The calls behind entries, each once and by the best figures, in the order they were first written. */
export function distinctCalls(entries: Iterable<UsageEntry>): UsageEntry[] {
  const calls = new Map<string, UsageEntry>();
  for (const entry of entries) {
    const earlier = calls.get(entry.id);
    if (earlier === undefined || trust(entry) > trust(earlier)) calls.set(entry.id, entry);
  }
  return [...calls.values()];
}

/** Replays usage entries into totals. */
export function reduceUsage(entries: Iterable<UsageEntry>): UsageTotals {
  const tally = new UsageTally();
  for (const entry of entries) tally.add(entry);
  return tally.totals();
}

function put(map: Map<string, Totals>, key: string, one: Totals): void {
  map.set(key, addTotals(map.get(key) ?? noTotals, one));
}

function trust(entry: UsageEntry): number {
  return (entry.tokens_estimated ? 0 : 1) + (entry.usd === undefined || entry.usd_estimated ? 0 : 2);
}

function totalsOf(entry: UsageEntry, sign: 1 | -1): Totals {
  const usd = sign * (entry.usd ?? 0);
  const tokens = sign * (entry.input_tokens + entry.output_tokens);
  return {
    calls: sign,
    input_tokens: sign * entry.input_tokens,
    output_tokens: sign * entry.output_tokens,
    usd,
    estimated_usd: entry.usd_estimated ? usd : 0,
    estimated_tokens: entry.tokens_estimated ? tokens : 0,
    unpriced: entry.usd === undefined ? sign : 0,
    failed: entry.outcome === 'failed' ? sign : 0,
    rate_limited: entry.outcome === 'rate_limited' ? sign : 0,
  };
}

/** The sum of two totals. */
export function addTotals(a: Totals, b: Totals): Totals {
  return {
    calls: a.calls + b.calls,
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    usd: a.usd + b.usd,
    estimated_usd: a.estimated_usd + b.estimated_usd,
    estimated_tokens: a.estimated_tokens + b.estimated_tokens,
    unpriced: a.unpriced + b.unpriced,
    failed: a.failed + b.failed,
    rate_limited: a.rate_limited + b.rate_limited,
  };
}
