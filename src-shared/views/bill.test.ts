import { expect, it } from 'vitest';
import type { ModelCall } from '../protocol/activity.ts';
import { addBills, billOf, billSchema, billWords } from './bill.ts';

const call = (more: Partial<ModelCall>): ModelCall => ({
  kind: 'model_call',
  id: 'c1',
  model: 'cloud/large',
  provider: 'cloud',
  status: 'ok',
  reason: 'The first that fits.',
  passed_over: [],
  started_at: '2026-11-21T10:00:00.000Z',
  ...more,
});

it('adds up tokens and dollars, and says when one of them is estimated', () => {
  const bill = billOf([
    call({ usd: 0.25, input_tokens: 100, output_tokens: 20 }),
    call({ id: 'c2', status: 'failed' }),
    call({ id: 'c3', usd: 0.5, estimated: true, output_tokens: 5 }),
  ]);
  expect(bill).toEqual({ calls: 3, tokens: 125, usd: 0.75, estimated: true });
  expect(addBills([bill, bill])).toEqual({ calls: 6, tokens: 250, usd: 1.5, estimated: true });
  expect(billWords(bill)).toBe('about $0.7500');
});

it('takes no rubbish for a bill', () => {
  for (const rubbish of [undefined, 'free', {}, { calls: 1, tokens: 1, usd: -1, estimated: false }])
    expect(billSchema.safeParse(rubbish).success).toBe(false);
});
