import { afterEach, describe, expect, test } from 'vitest';
import { ask, chat, type GatewaySetup, setUpGateway } from './testing/gateway-setup.ts';

let setup: GatewaySetup;
afterEach(() => setup[Symbol.asyncDispose]());

const cents = (usd: number) => Math.round(usd * 100);
const sum = (numbers: readonly (number | undefined)[]) =>
  numbers.reduce<number>((total, each) => total + (each ?? 0), 0);

describe('40 works at once', () => {
  test('keep the exact ratio of a pattern, and the bill adds up to the cent', async () => {
    setup = await setUpGateway({
      agents: {
        coder: {
          routing: { strategy: 'pattern', pattern: ['alpha/one', 'alpha/one', 'alpha/one', 'beta/two'] },
        },
      },
    });
    setup.alpha.script = (_request, index) => ({ text: 'a', usage: { input: 137 + index, output: 11 } });
    setup.beta.script = (_request, index) => ({ text: 'b', usage: { input: 311, output: 29 + index } });
    const works = Array.from({ length: 40 }, async (_, number) => {
      const grant = await setup.grant('coder', { workId: `work-${number}` });
      expect((await ask(grant, chat())).status).toBe(200);
      await grant[Symbol.asyncDispose]();
    });
    await Promise.all(works);
    expect([setup.alpha.requests.length, setup.beta.requests.length]).toEqual([30, 10]);
    const sold =
      sum(Array.from({ length: 30 }, (_, index) => 148 + index)) +
      sum(Array.from({ length: 10 }, (_, index) => 340 + index));
    const told = setup.calls.filter((call) => call.status === 'ok');
    expect(told).toHaveLength(40);
    expect(cents(sum(setup.bill().map((entry) => entry.usd)))).toBe(cents(sold / 1_000));
    expect(cents(sum(told.map((call) => call.usd)))).toBe(cents(sold / 1_000));
    expect(setup.problems).toEqual([]);
  });

  test('never overrun a budget: what the calls under way may cost is set aside first', async () => {
    setup = await setUpGateway({
      agents: { coder: { routing: ['alpha/one', 'beta/two'] } },
      // A call is thought to cost 6.80 before the first one is known, and costs 2.00.
      providers: { alpha: { daily_budget: 20 } },
    });
    setup.alpha.script = () => ({ text: 'a', usage: { input: 1_500, output: 500 }, delayMs: 20 });
    const works = Array.from({ length: 40 }, async (_, number) => {
      const grant = await setup.grant('coder', { workId: `work-${number}` });
      expect((await ask(grant, chat())).status).toBe(200);
      await grant[Symbol.asyncDispose]();
    });
    await Promise.all(works);
    const spent = sum(setup.bill().map((entry) => (entry.provider === 'alpha' ? entry.usd : 0)));
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(20);
    expect(setup.alpha.requests.length + setup.beta.requests.length).toBe(40);
    expect(setup.exceeded).toHaveLength(1);
    expect(setup.exceeded[0]).toMatch(/^alpha has/);
  });

  test('never make more calls than allowed', async () => {
    setup = await setUpGateway({
      agents: { coder: { routing: ['alpha/one', 'beta/two'] } },
      providers: { alpha: { daily_calls: 7 } },
    });
    const grant = await setup.grant();
    await Promise.all(Array.from({ length: 40 }, () => ask(grant, chat())));
    expect([setup.alpha.requests.length, setup.beta.requests.length]).toEqual([7, 33]);
  });
});

describe('a budget that is spent', () => {
  test('in the middle of a work sends the next call to another provider', async () => {
    setup = await setUpGateway({
      agents: { coder: { routing: ['alpha/one', 'beta/two'] } },
      providers: { alpha: { daily_budget: 10 } },
    });
    setup.alpha.script = () => ({ text: 'dear', usage: { input: 9_000, output: 500 } });
    const grant = await setup.grant();
    expect((await ask(grant, chat())).text).toContain('dear');
    expect((await ask(grant, chat())).text).toContain('from beta');
    expect(setup.calls.at(-1)?.passed_over).toEqual([
      { model: 'alpha/one', reason: expect.stringMatching(/alpha has .*\$0\.50 of \$10\.00 left today/) },
    ]);
    expect(setup.exceeded).toEqual([expect.stringMatching(/^alpha has/)]);
  });

  test('refuses the call where there is no other, and says which budget', async () => {
    setup = await setUpGateway({
      agents: { coder: { routing: ['alpha/one'], daily_budget: 8 } },
    });
    setup.alpha.script = () => ({ text: 'a', usage: { input: 7_900, output: 100 } });
    const grant = await setup.grant();
    expect((await ask(grant, chat())).status).toBe(200);
    const refused = await ask(grant, chat());
    expect(refused.status).toBe(402);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(JSON.parse(refused.text)).toEqual({
      error: {
        message: expect.stringMatching(/coder has spent about \$8\.00 of \$8\.00 today/),
        type: 'billing_error',
        code: 'budget_exceeded',
        param: null,
      },
    });
    expect(setup.alpha.requests).toHaveLength(1);
    expect(setup.calls.at(-1)).toMatchObject({ status: 'failed', error: { code: 'no_candidate' } });
    const messages = await ask(grant, { model: 'x', max_tokens: 5, messages: [] }, { path: '/messages' });
    expect(JSON.parse(messages.text)).toMatchObject({ type: 'error', error: { type: 'billing_error' } });
  });

  test('counts a request by its own size where that is more than the mean', async () => {
    setup = await setUpGateway({
      agents: { coder: { routing: ['alpha/one'] } },
      providers: { alpha: { daily_budget: 20 } },
    });
    const grant = await setup.grant();
    const words = 'some words of a very long file '.repeat(5_000);
    const refused = await ask(grant, chat(words));
    expect(refused.status).toBe(402);
    expect(setup.alpha.requests).toHaveLength(0);
  });
});

describe('a session', () => {
  test('keeps its model with strategies that spread calls, and works are spread over the models', async () => {
    setup = await setUpGateway({
      agents: {
        coder: { routing: { strategy: 'weighted', weights: { 'alpha/one': 50, 'beta/two': 50 }, seed: 3 } },
      },
    });
    for (let work = 0; work < 6; work++) {
      const grant = await setup.grant('coder', { workId: `work-${work}` });
      for (let call = 0; call < 3; call++) await ask(grant, chat());
      await grant[Symbol.asyncDispose]();
    }
    const ended = setup.calls.filter((call) => call.status === 'ok').map((call) => call.model);
    for (let work = 0; work < 6; work++)
      expect(new Set(ended.slice(work * 3, work * 3 + 3)).size, `work ${work}`).toBe(1);
    expect(new Set(ended)).toEqual(new Set(['alpha/one', 'beta/two']));
  });

  test('that says sticky: false is spread by call', async () => {
    setup = await setUpGateway({
      agents: { coder: { routing: { strategy: 'round_robin', models: ['alpha/one', 'beta/two'] } } },
    });
    const grant = await setup.grant();
    for (let call = 0; call < 4; call++) await ask(grant, chat());
    expect([setup.alpha.requests.length, setup.beta.requests.length]).toEqual([2, 2]);
  });

  test('that says a final trigger gets the final model of a burst', async () => {
    setup = await setUpGateway({
      agents: {
        coder: {
          routing: { strategy: 'burst', iterate: 'alpha/one', final: 'beta/two', final_trigger: 'finalize' },
        },
      },
    });
    const grant = await setup.grant();
    expect((await ask(grant, chat('draft it'))).text).toContain('from alpha');
    expect((await ask(grant, chat('now finalize it'))).text).toContain('from beta');
  });
});
