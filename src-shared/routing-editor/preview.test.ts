import { describe, expect, it } from 'vitest';
import { routingDocument } from '../routing/document.ts';
import { noTotals, type UsageEntry } from '../routing/usage.ts';
import { nextCalls, type PreviewBasis, slotsWithout } from './preview.ts';
import { replayDraft } from './replay-draft.ts';
import { noStress } from './stress.ts';

const SONNET = 'anthropic/sonnet';
const GPT = 'openai/gpt';
const noUsage = { all: noTotals, by_provider: {}, by_model: {}, by_agent: {}, by_day: {} };
const document = routingDocument({
  providers: { anthropic: { env: 'A_KEY' }, openai: { env: 'O_KEY' } },
  agents: {
    coder: { routing: { strategy: 'pattern', pattern: [SONNET, SONNET, SONNET, SONNET, GPT] } },
    patient: { routing: { strategy: 'pattern', pattern: [GPT, SONNET], on_unavailable: 'retry' } },
  },
});
const basis: PreviewBasis = {
  document,
  stand: {
    state: {
      routing_state: { coder: { strategy: 'pattern', call_count: 2, pattern_index: 2 } },
      cool_downs: {},
      reservations: {},
    },
    figures: { today: noUsage, month: noUsage },
    latencies: {},
    at: new Date(2026, 10, 21, 12).getTime(),
  },
  known: {
    prices: { [SONNET]: { input: 3, output: 15 }, [GPT]: { input: 2.5, output: 10 } },
    keys: { A_KEY: true, O_KEY: true },
  },
};

function agent(name: string) {
  const found = document.agents.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

describe('nextCalls', () => {
  it('goes on from where routing stands, with a price for each call', () => {
    const { calls, usd, nextSlot } = nextCalls(basis, agent('coder'), { count: 5 });
    expect(nextSlot).toBe(2);
    expect(calls.map(({ model, reason }) => [model, reason])).toEqual([
      [SONNET, 'Slot 3'],
      [SONNET, 'Slot 4'],
      [GPT, 'Slot 5'],
      [SONNET, 'Slot 1'],
      [SONNET, 'Slot 2'],
    ]);
    expect(usd).toBeCloseTo(4 * 0.03 + 0.023, 6);
  });

  it('shows where calls go when a provider is down, out of budget or limits its rate', () => {
    const under = (stress: Partial<typeof noStress>) =>
      nextCalls(basis, agent('coder'), { count: 10, stress: { ...noStress, ...stress } })
        .calls.filter(({ diverted }) => diverted)
        .map(({ number, model, reason }) => [number, model, reason]);
    expect(under({ down: ['openai'] })).toEqual([
      [3, SONNET, 'Slot 5 down'],
      [7, SONNET, 'Slot 5 down'],
    ]);
    expect(under({ limited: ['openai'] })[0]).toEqual([3, SONNET, 'Slot 5 limits its rate']);
    expect(under({ budget: { openai: 1 } })).toEqual([[8, SONNET, 'Slot 5 out of budget']]);
  });

  it('says what waits', () => {
    const [call] = nextCalls(basis, agent('patient'), { stress: { ...noStress, down: ['openai'] } }).calls;
    expect(call).toMatchObject({ model: undefined, diverted: true, reason: `Waits, down: ${GPT}` });
  });

  it('knows which keys are missing', () => {
    const keyless = { ...basis, known: { ...basis.known, keys: { A_KEY: true, O_KEY: false } } };
    expect(nextCalls(keyless, agent('coder'), { count: 3 }).calls[2]?.reason).toBe('Slot 5 has no key');
  });

  it('shows the slots while one provider is out', () => {
    expect(slotsWithout(basis, agent('coder'), 'openai').map(({ replaced }) => replaced)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('replayDraft', () => {
  it('tells where real calls would have gone and what that would have cost', () => {
    const entry = (index: number): UsageEntry => ({
      id: String(index),
      time: new Date(Date.UTC(2026, 10, 20, 0, 0, index % 60)).toISOString(),
      agent: index % 10 === 9 ? 'gone' : 'coder',
      provider: 'openai',
      model: GPT,
      outcome: 'ok',
      input_tokens: 1_000_000,
      output_tokens: 0,
      usd: 2.5,
    });
    const run = replayDraft(
      Array.from({ length: 12_000 }, (_, index) => entry(index)),
      document,
      basis.known,
    );
    const shares: number[] = [];
    let step = run.next();
    for (; !step.done; step = run.next()) shares.push(step.value);
    expect(shares).toEqual([5_000 / 12_000, 10_000 / 12_000]);
    const report = step.value;
    expect(report).toMatchObject({ calls: 12_000, left: 1_200, moved: 8_640, refused: 0 });
    expect(report.would.models).toEqual([
      { model: SONNET, calls: 8_640 },
      { model: GPT, calls: 2_160 },
    ]);
    expect(report.was.usd).toBe(30_000);
    expect(report.would.usd).toBe(8_640 * 3 + 2_160 * 2.5);
    expect(report.examples).toHaveLength(200);
  });
});
