import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { routingDocument } from '../../src-shared/routing/document.ts';
import type { PriceTable } from '../../src-shared/routing/price-table.ts';
import { noTotals, type UsageRow } from '../../src-shared/routing/usage.ts';
import { ModelRouter } from '../routing/model-router.ts';
import { StateStore } from '../routing/state-store.ts';
import { UsageLog } from '../routing/usage-log.ts';
import { budgetViews } from './budgets.ts';
import { shareRows } from './own-days.ts';

const SONNET = 'anthropic/claude-sonnet-4-5';
const GPT = 'openai/gpt-4o';

/** One dollar per thousand tokens: sums that a person can check. */
const prices: PriceTable = {
  price: (_model, tokens) => (tokens.input_tokens + tokens.output_tokens) / 1_000,
};
const document = routingDocument({
  providers: {
    anthropic: { env: 'A', local_budget: 10 },
    openai: { env: 'B', daily_calls: 2 },
  },
  agents: { coder: { routing: [SONNET, GPT], daily_budget: 100 } },
});

let folder = '';
let now = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-budgets-'));
  now = new Date(2026, 10, 21, 12).getTime();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A machine as it is after each start: nothing but its files. */
function machine() {
  const onProblem = (problem: Error) => {
    throw problem;
  };
  const store = new StateStore({ file: join(folder, 'state.json'), onProblem });
  const log = new UsageLog({ dir: join(folder, 'usage'), onProblem });
  const router = new ModelRouter({
    document: () => document,
    store,
    usage: log,
    prices,
    hasKey: () => true,
    now: () => now,
  });
  return {
    router,
    views: () => budgetViews({ document, figures: log.figures(now), state: store.read(), now }),
  };
}

async function spend(dollars: number, reported?: number): Promise<string> {
  const { call, decision } = await machine().router.route('coder');
  if (call === undefined) return decision.outcome;
  await call.settle({
    input_tokens: dollars * 1_000,
    output_tokens: 0,
    ...(reported === undefined ? {} : { usd: reported }),
  });
  return decision.model;
}

describe('the budgets of a machine', () => {
  test('say what is used, what of it is a guess and when each begins again', async () => {
    await spend(1, 1);
    await spend(2);
    const views = machine().views();
    expect(views.map(({ scope, name, unit, per }) => [scope, name, unit, per])).toEqual([
      ['provider', 'anthropic', 'usd', 'month'],
      ['provider', 'openai', 'calls', 'day'],
      ['agent', 'coder', 'usd', 'day'],
    ]);
    expect(views[0]).toMatchObject({ used: 3, estimated: 2, limit: 10, stopped: 0 });
    expect(views[0]?.resets_at).toBe(new Date(2026, 11, 1).toISOString());
    expect(views[1]).toMatchObject({ used: 0, estimated: 0, limit: 2 });
    expect(views[2]?.resets_at).toBe(new Date(2026, 10, 22).toISOString());
  });

  test('count money that a running call has set aside, as a guess', async () => {
    await spend(1, 1);
    const { call } = await machine().router.route('coder');
    expect(machine().views()[0]).toMatchObject({ used: 2, estimated: 1 });
    await call?.drop();
    expect(machine().views()[0]).toMatchObject({ used: 1, estimated: 0 });
  });

  test('keep what they stopped over restarts, per period', async () => {
    await spend(9.5, 9.5);
    expect(await spend(1, 1)).toBe(GPT);
    expect(await spend(1, 1)).toBe(GPT);
    expect(await spend(1, 1)).toBe('none');
    const [anthropic, openai] = machine().views();
    expect(anthropic).toMatchObject({
      stopped: 3,
      last_stop: { agent: 'coder', model: SONNET, time: new Date(now).toISOString() },
    });
    expect(openai).toMatchObject({ used: 2, stopped: 1, last_stop: { model: GPT } });
    now = new Date(2026, 10, 22, 9).getTime();
    expect(
      machine()
        .views()
        .map((view) => view.stopped),
    ).toEqual([3, 0, 0]);
    expect(await spend(1, 1)).toBe(GPT);
    now = new Date(2026, 11, 1, 9).getTime();
    expect(
      machine()
        .views()
        .map((view) => view.stopped),
    ).toEqual([0, 0, 0]);
  });

  test('count a call once, however many models it tried', async () => {
    await spend(9.5, 9.5);
    const { router } = machine();
    const first = await router.route('coder');
    await first.call?.fail({ cause: 'error', goesOn: true });
    await router.route('coder', undefined, { failed: new Map([[GPT, 'failed']]) });
    expect(machine().views()[0]).toMatchObject({ stopped: 1 });
  });
});

test('rows that do not fit a message are summed up, and no sum is lost', () => {
  const rows = Array.from(
    { length: 1_500 },
    (_, index): UsageRow => ({
      ...noTotals,
      station: 'one',
      agent: `a${index}`,
      provider: 'p',
      model: 'p/m',
      calls: 1 + (index % 7),
      usd: 0.1,
      input_tokens: index,
    }),
  );
  const shared = shareRows(rows);
  const sum = (key: 'calls' | 'usd' | 'input_tokens') => [
    shared.reduce((all, row) => all + row[key], 0),
    rows.reduce((all, row) => all + row[key], 0),
  ];
  expect(shared).toHaveLength(1_000);
  expect(shared.at(-1)).toMatchObject({ agent: 'others' });
  for (const key of ['calls', 'usd', 'input_tokens'] as const) {
    const [after, before] = sum(key);
    expect(after).toBeCloseTo(before ?? Number.NaN, 6);
  }
});
