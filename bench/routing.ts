import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateStore } from '../src-main/routing/state-store.ts';
import { type AvailabilityFacts, availabilityOf } from '../src-shared/routing/availability.ts';
import { decide } from '../src-shared/routing/decide.ts';
import { planRouting, type RoutingConfig } from '../src-shared/routing/plan.ts';
import { seededRandom } from '../src-shared/routing/random.ts';
import { simulate } from '../src-shared/routing/simulate.ts';
import { type AgentRoutingState, initialState } from '../src-shared/routing/state.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const SONNET = 'anthropic/claude-sonnet-4-5';
const GPT = 'openai/gpt-4o';
const GEMINI = 'google/gemini-2.5-pro';
const LLAMA = 'ollama/llama3.1:8b';

const CALLS = 200_000;
const ROUNDS = 5;
const WRITES = 300;

/** One provider is out, as a decision that has something to explain is the one that counts. */
const facts: AvailabilityFacts = {
  now: 0,
  agent: 'coder',
  providers: {
    anthropic: {},
    openai: {},
    google: { key: { name: 'GEMINI_API_KEY', present: false } },
    ollama: {},
  },
  cool_downs: {},
  caps: [{ scope: 'provider', name: 'openai', unit: 'usd', per: 'month', limit: 50, used: 12 }],
  costs: { [SONNET]: 0.041, [GPT]: 0.028, [GEMINI]: 0.02, [LLAMA]: 0 },
  latencies: { [SONNET]: 1_200, [GPT]: 900, [GEMINI]: 700, [LLAMA]: 2_000 },
};

const configs: Record<string, RoutingConfig> = {
  fallback: [GEMINI, SONNET, GPT, LLAMA],
  pattern: { strategy: 'pattern', pattern: [SONNET, GEMINI, SONNET, GPT] },
  weighted: { strategy: 'weighted', weights: { [SONNET]: 60, [GEMINI]: 20, [GPT]: 20 } },
  round_robin: { strategy: 'round_robin', models: [SONNET, GEMINI, GPT] },
  burst: { strategy: 'burst', iterate: LLAMA, final: SONNET, burst_size: 5 },
  least_cost: { strategy: 'least_cost', models: [GEMINI, SONNET, GPT] },
  lowest_latency: { strategy: 'lowest_latency', models: [GEMINI, SONNET, GPT] },
};

/** How fast routing decides and looks ahead, and what it costs to make a decision durable. */
export async function bench(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lattice-bench-'));
  try {
    return [...decisions(), preview(), await stateWrite(folder)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The baseline takes the next of a list and copies the state, without a reason: the least that a pure router does. */
function decisions(): BenchResult[] {
  const availability = availabilityOf(facts);
  const baseline = best(() => {
    const models = [SONNET, GPT, LLAMA];
    let state: AgentRoutingState = initialState('round_robin');
    for (let call = 0; call < CALLS; call++) {
      const last_model = models[call % models.length] ?? SONNET;
      state = { ...state, call_count: state.call_count + 1, last_model };
    }
    return state;
  });
  return Object.entries(configs).map(([name, config]) => {
    const plan = planRouting(config);
    const random = seededRandom(1);
    const value = best(() => {
      let state: AgentRoutingState = initialState(plan.strategy);
      for (let call = 0; call < CALLS; call++) state = decide(plan, state, availability, random).state;
      return state;
    });
    return compared({
      name: `routing decision: ${name}`,
      unit: 'per second',
      value: Math.round(value),
      baseline: { name: 'next of a list, without reasons', value: Math.round(baseline) },
      bar: '>= 500,000 per second',
    });
  });
}

function preview(): BenchResult {
  const pattern = Array.from({ length: 1_000 }, (_, slot) => (slot % 5 === 4 ? GEMINI : SONNET));
  const plan = planRouting({ strategy: 'pattern', pattern });
  const times = Array.from({ length: 200 }, () => {
    const started = performance.now();
    simulate(plan, initialState('pattern'), availabilityOf(facts), 20, Math.random);
    return performance.now() - started;
  });
  return {
    name: 'preview of 20 calls, p50',
    unit: 'ms',
    value: rounded(percentile(times, 0.5)),
    bar: '< 5 ms',
  };
}

/** The baseline writes as many bytes to a new file, syncs it and renames it: the least that is safe for one process. */
async function stateWrite(folder: string): Promise<BenchResult> {
  const agents = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [
      `agent-${index}`,
      { ...initialState('pattern'), pattern_index: 3 },
    ]),
  );
  const store = new StateStore({
    file: join(folder, 'state.json'),
    onProblem: (problem) => {
      throw problem;
    },
  });
  await store.update((state) => ({ state: { ...state, routing_state: agents }, result: undefined }));
  const bytes = Buffer.from(`${JSON.stringify(store.read(), undefined, 2)}\n`);
  const plan = planRouting(configs.pattern);
  const ours: number[] = [];
  const plain: number[] = [];
  for (let write = 0; write < WRITES; write++) {
    let started = performance.now();
    await store.update((state) => {
      const before = state.routing_state['agent-1'] ?? initialState('pattern');
      const after = decide(plan, before, availabilityOf(facts), Math.random).state;
      return {
        state: { ...state, routing_state: { ...state.routing_state, 'agent-1': after } },
        result: undefined,
      };
    });
    ours.push(performance.now() - started);
    started = performance.now();
    writePlain(folder, bytes);
    plain.push(performance.now() - started);
  }
  return compared({
    name: 'routing state write under lock, p50',
    unit: 'ms',
    value: rounded(percentile(ours, 0.5)),
    baseline: {
      name: 'write, fsync and rename of the same bytes without a lock',
      value: rounded(percentile(plain, 0.5)),
    },
    bar: '< 1 ms',
  });
}

function writePlain(folder: string, bytes: Buffer): void {
  const draft = join(folder, 'plain.draft');
  const handle = openSync(draft, 'w');
  writeSync(handle, bytes);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, join(folder, 'plain.json'));
}

/** Calls per second of the best round: the others were disturbed. */
function best(round: () => unknown): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let count = 0; count < ROUNDS; count++) {
    const started = performance.now();
    round();
    fastest = Math.min(fastest, performance.now() - started);
  }
  return CALLS / (fastest / 1_000);
}

function rounded(ms: number): number {
  return Number(ms.toFixed(3));
}
