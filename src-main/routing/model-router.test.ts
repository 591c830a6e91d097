import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type RoutingDocument,
  type RoutingSections,
  routingDocument,
} from '../../src-shared/routing/document.ts';
import type { PriceTable } from '../../src-shared/routing/price-table.ts';
import { seededRandom } from '../../src-shared/routing/random.ts';
import type { BudgetExceeded } from './budget.ts';
import { ModelRouter, type Routed } from './model-router.ts';
import type { RoutedCall } from './routed-call.ts';
import { StateStore } from './state-store.ts';
import { UsageLog } from './usage-log.ts';

const SONNET = 'anthropic/claude-sonnet-4-5';
const GPT = 'openai/gpt-4o';
const LLAMA = 'ollama/llama3.1:8b';

/** One dollar per thousand tokens, nothing for local models: sums that a person can check. */
const prices: PriceTable = {
  price: (model, tokens) =>
    model.startsWith('ollama/') ? undefined : (tokens.input_tokens + tokens.output_tokens) / 1_000,
};

const base: RoutingSections = {
  providers: {
    anthropic: { env: 'ANTHROPIC_API_KEY' },
    openai: { env: 'OPENAI_API_KEY', local_budget: 10 },
    ollama: { models: ['llama3.1:8b', 'llama3.1:70b'] },
  },
  agents: {
    coder: { triggers: ['/code'], routing: { strategy: 'pattern', pattern: [SONNET, GPT] } },
    writer: { routing: [GPT, SONNET] },
    stubborn: { routing: { strategy: 'round_robin', models: [GPT, SONNET], on_unavailable: 'retry' } },
  },
};

let folder = '';
let now = 0;
let document: RoutingDocument;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-router-'));
  now = new Date(2026, 10, 21, 12).getTime();
  document = routingDocument(base);
});
afterEach(() => rm(folder, { recursive: true }));

const fail = (problem: Error): never => {
  throw problem;
};

function open(): ModelRouter {
  return new ModelRouter({
    document: () => document,
    store: new StateStore({ file: join(folder, 'state.json'), onProblem: fail }),
    usage: new UsageLog({ dir: join(folder, 'usage'), onProblem: fail }),
    prices,
    hasKey: (name) => name !== 'MISSING',
    installedModels: (provider) => (provider === 'ollama' ? ['llama3.1:8b'] : undefined),
    random: seededRandom(1),
    now: () => now,
  });
}

const use = (dollars: number) => ({ input_tokens: dollars * 1_000, output_tokens: 0 });

function callOf(routed: Routed): RoutedCall {
  if (routed.call === undefined) throw new Error(routed.decision.why);
  return routed.call;
}

const modelOf = (routed: Routed) =>
  routed.decision.outcome === 'chosen' ? routed.decision.model : routed.decision.outcome;

const stateOnDisk = async () => JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'));

describe('a call', () => {
  test('moves the position, is counted, and is in the summary of its provider', async () => {
    const router = open();
    const first = await router.route('coder');
    expect(modelOf(first)).toBe(SONNET);
    await callOf(first).settle({ input_tokens: 900, output_tokens: 100 });
    expect(modelOf(await router.route('coder'))).toBe(GPT);
    expect(await stateOnDisk()).toMatchObject({
      routing_state: { coder: { strategy: 'pattern', pattern_index: 0, call_count: 2, last_model: GPT } },
      provider_usage: {
        anthropic: { day: '2026-11-21', calls_today: 1, estimated_tokens: 1_000, estimated_spend: 1 },
      },
    });
    expect(router.positions().map((each) => [each.agent.name, each.callsToday])).toEqual([
      ['coder', 1],
      ['writer', 0],
      ['stubborn', 0],
    ]);
  });

  test('keeps what the provider reports and marks what is estimated', async () => {
    const router = open();
    await callOf(await router.route('coder')).settle({ ...use(1), usd: 0.25 });
    await callOf(await router.route('coder')).settle({ ...use(1), estimated: true });
    const log = new UsageLog({ dir: join(folder, 'usage'), onProblem: fail });
    expect(log.entries('2026-11-21')).toEqual([
      expect.objectContaining({ model: SONNET, usd: 0.25 }),
      expect.objectContaining({ model: GPT, usd: 1, usd_estimated: true, tokens_estimated: true }),
    ]);
    expect(log.entries('2026-11-21')[0]).not.toHaveProperty('usd_estimated');
  });

  test('ends once', async () => {
    const router = open();
    const call = callOf(await router.route('coder'));
    await Promise.all([call.settle(use(1)), call.settle(use(1)), call.fail({ cause: 'down' }), call.drop()]);
    expect(await stateOnDisk()).toMatchObject({
      cool_downs: {},
      reservations: {},
      provider_usage: { anthropic: { calls_today: 1 } },
    });
  });

  test('that was never made is not counted', async () => {
    const call = callOf(await open().route('coder'));
    expect(Object.keys((await stateOnDisk()).reservations)).toEqual([call.id]);
    await call.drop();
    expect(await stateOnDisk()).toMatchObject({ reservations: {}, provider_usage: {} });
  });

  test('of an agent that is not there says which there are', async () => {
    await expect(open().route('nobody')).rejects.toMatchObject({
      code: 'not_found',
      hint: 'There are coder, writer, stubborn.',
    });
    await expect(open().route('constructor')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a budget', () => {
  test('is never overrun by calls at once: each sets its cost aside first', async () => {
    const routers = [open(), open()];
    const routed = await Promise.all(
      Array.from({ length: 12 }, (_, index) => routers[index % 2]?.route('writer')),
    );
    const models = routed.flatMap((each) => (each === undefined ? [] : [modelOf(each)]));
    expect(models.filter((model) => model === GPT)).toHaveLength(1);
    expect(models.filter((model) => model === SONNET)).toHaveLength(11);
  });

  test('counts what was really spent when the call is settled', async () => {
    const router = open();
    for (let call = 0; call < 9; call++) {
      const routed = await router.route('writer');
      expect(modelOf(routed)).toBe(GPT);
      await callOf(routed).settle(use(1));
    }
    expect(modelOf(await router.route('writer'))).toBe(GPT);
    expect(modelOf(await router.route('writer'))).toBe(SONNET);
  });

  test('that is spent is told once, with what a hook needs', async () => {
    const router = open();
    const heard: BudgetExceeded[] = [];
    router.budgetExceeded.on((each) => heard.push(each));
    await callOf(await router.route('writer')).settle(use(12));
    for (let call = 0; call < 3; call++) await router.route('writer');
    expect(heard).toEqual([
      {
        agent: 'writer',
        provider: 'openai',
        model: GPT,
        text: 'openai has spent about $12.00 of $10.00 this month',
        cap: {
          scope: 'provider',
          name: 'openai',
          unit: 'usd',
          per: 'month',
          limit: 10,
          used: 12,
          estimated: true,
        },
      },
    ]);
  });

  test('opens again with the next month, and a reservation lapses when nobody settles it', async () => {
    const router = open();
    await callOf(await router.route('writer')).settle(use(12));
    expect(modelOf(await router.route('writer'))).toBe(SONNET);
    now = new Date(2026, 11, 1, 0, 1).getTime();
    expect(modelOf(await router.route('writer'))).toBe(GPT);
    now += 16 * 60_000;
    expect(modelOf(await router.route('writer'))).toBe(GPT);
    expect(Object.keys((await stateOnDisk()).reservations)).toHaveLength(1);
  });

  test('that cannot count calls without a price says so', async () => {
    document = routingDocument({
      providers: { ollama: { models: ['llama3.1:8b'], auth: 'plugin', local_budget: 5 } },
      agents: { writer: { routing: [LLAMA] } },
    });
    const router = open();
    expect(router.blindBudgets()).toEqual([]);
    await callOf(await router.route('writer')).settle(use(1));
    expect(router.blindBudgets()).toEqual([
      'One call of ollama this month had no known price and cannot count against its budget. Set prices: there.',
    ]);
  });

  test('of an agent and of a model, by money and by calls', async () => {
    document = routingDocument({
      ...base,
      providers: { ...base.providers, openai: { model_caps: { 'gpt-4o': { daily_calls: 1 } } } },
      agents: { writer: { routing: [GPT, SONNET], daily_calls: 3 } },
    });
    const router = open();
    const models: string[] = [];
    for (let call = 0; call < 4; call++) {
      const routed = await router.route('writer');
      models.push(modelOf(routed));
      await routed.call?.settle(use(1));
    }
    expect(models).toEqual([GPT, SONNET, SONNET, 'none']);
    const [next] = router.preview('writer', 1);
    expect(next?.candidates.map((each) => each.reason)).toEqual([
      'openai/gpt-4o had 1 of 1 calls today',
      'writer had 3 of 3 calls today',
    ]);
  });
});

describe('a failure', () => {
  test('pauses the model for as long as the provider says, and an answer ends the row', async () => {
    const router = open();
    await callOf(await router.route('writer')).fail({ cause: 'rate_limit', retryAfterMs: 41_000 });
    const during = await router.route('writer');
    expect(modelOf(during)).toBe(SONNET);
    expect(during.decision.candidates[0]).toMatchObject({
      code: 'rate_limited',
      reason: 'openai/gpt-4o limits its rate, free again in 41 s',
      retry_at: now + 41_000,
    });
    now += 41_000;
    const after = await router.route('writer');
    expect(modelOf(after)).toBe(GPT);
    expect((await stateOnDisk()).cool_downs).toHaveProperty([GPT]);
    now += 1;
    await callOf(after).settle(use(1));
    expect((await stateOnDisk()).cool_downs).toEqual({});
  });

  test('pauses longer each time, and the whole provider when it is all of it', async () => {
    const router = open();
    for (const seconds of [5, 10, 20]) {
      await callOf(await router.route('coder')).fail({ cause: 'down', scope: 'provider' });
      expect((await stateOnDisk()).cool_downs.anthropic.until).toBe(now + seconds * 1_000);
      const other = await router.route('coder');
      expect(modelOf(other)).toBe(GPT);
      await callOf(other).drop();
      now += seconds * 1_000;
    }
  });

  test('of the request alone pauses nothing', async () => {
    const router = open();
    await callOf(await router.route('writer')).fail({ cause: 'error', use: use(1) });
    expect(await stateOnDisk()).toMatchObject({
      cool_downs: {},
      provider_usage: { openai: { calls_today: 1, estimated_spend: 1 } },
    });
  });

  test('with retry gives the slot back, unless another call already stands on it', async () => {
    const router = open();
    await callOf(await router.route('stubborn')).fail({ cause: 'error' });
    const again = await router.route('stubborn');
    expect(modelOf(again)).toBe(GPT);
    await router.route('stubborn');
    await callOf(again).fail({ cause: 'rate_limit', retryAfterMs: 1_000 });
    expect(await stateOnDisk()).toMatchObject({ routing_state: { stubborn: { round_robin_index: 0 } } });
    expect((await router.route('stubborn')).decision).toMatchObject({
      outcome: 'wait',
      retry_at: now + 1_000,
    });
  });
});

describe('a model cannot be used', () => {
  test('when its key is missing, it is not installed, or its provider is left out', async () => {
    document = routingDocument({
      providers: { ...base.providers, anthropic: { env: 'MISSING' } },
      agents: { coder: { routing: [SONNET, 'ollama/llama3.1:70b', GPT, LLAMA] } },
    });
    const router = open();
    router.skipProvider('openai', 'on_budget_exceeded');
    const { decision } = await router.route('coder');
    expect(decision.candidates.map((each) => each.reason)).toEqual([
      'MISSING is not set',
      'llama3.1:70b is not installed in ollama',
      'openai is left out: on_budget_exceeded',
      'number 4 in the order, those before it are out',
    ]);
    expect(decision).toMatchObject({ model: LLAMA, expected_usd: 0 });
  });
});

describe('looking ahead', () => {
  test('changes nothing and shows what the next calls do', async () => {
    const router = open();
    const preview = router.preview('coder', 5).map((each) => each.outcome === 'chosen' && each.model);
    expect(preview).toEqual([SONNET, GPT, SONNET, SONNET, SONNET]);
    await expect(readFile(join(folder, 'state.json'))).rejects.toThrow();
    const real: string[] = [];
    for (let call = 0; call < 5; call++) real.push(modelOf(await router.route('coder')));
    expect(real).toEqual(preview);
  });

  test('expects what calls of the agent have used so far', async () => {
    const router = open();
    expect(router.facts('writer').costs).toEqual({ [GPT]: 6.8, [SONNET]: 6.8 });
    await callOf(await router.route('writer')).settle(use(2));
    expect(router.facts('writer').costs).toEqual({ [GPT]: 2, [SONNET]: 2 });
  });
});

test('a reset puts one agent or all of them back and leaves usage alone', async () => {
  const router = open();
  for (const agent of ['coder', 'writer']) await callOf(await router.route(agent)).settle(use(1));
  expect(await router.reset('coder')).toEqual(['coder']);
  expect(Object.keys((await stateOnDisk()).routing_state)).toEqual(['writer']);
  expect(await router.reset()).toEqual(['writer']);
  expect(await stateOnDisk()).toMatchObject({
    routing_state: {},
    provider_usage: { anthropic: { calls_today: 1 } },
  });
});

test('a reset of an agent that nobody knows says so, one that has not begun is at its start', async () => {
  await expect(open().reset('nobody')).rejects.toMatchObject({ code: 'not_found' });
  expect(await open().reset('coder')).toEqual(['coder']);
  expect(await open().reset()).toEqual([]);
});

test('a new document holds from the next call on', async () => {
  const router = open();
  await router.route('coder');
  document = routingDocument({ ...base, agents: { coder: { routing: [LLAMA] } } });
  expect(modelOf(await router.route('coder'))).toBe(LLAMA);
  document = routingDocument(base);
  expect(modelOf(await router.route('coder'))).toBe(GPT);
});
