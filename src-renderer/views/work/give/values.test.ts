import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WorkRecord, workOrderSchema } from '../../../../src-shared/protocol/work.ts';
import { workDraftSchema } from '../../../../src-shared/views/work-detail.ts';
import { type GiveValues, NO_VALUES, orderOf, valuesOf } from './values.ts';

const NOW = Date.parse('2026-11-21T14:00:00.000Z');
const typed = (more: Partial<GiveValues>): GiveValues => ({
  ...NO_VALUES,
  task: 'Count',
  agent: 'counter',
  ...more,
});
const orderFor = (more: Partial<GiveValues>) => {
  const made = orderOf(typed(more), NOW);
  if ('errors' in made) throw new Error(JSON.stringify(made.errors));
  return made.order;
};
const errorsFor = (more: Partial<GiveValues>) => {
  const made = orderOf(typed(more), NOW);
  return 'errors' in made ? made.errors : {};
};

/** The part of a record that the values of its work are made of. */
const recordWith = (context: Record<string, unknown>) =>
  workOrderSchema.parse({ task: 'x', agent: 'counter', context, requested_by: 'ann' }) as WorkRecord;

describe('what is typed into Give work', () => {
  it('becomes an order that main takes', () => {
    const order = orderFor({
      task: ' Roll out \n',
      priority: 1,
      timeout: '5m',
      labels: 'prod, night,prod,',
      deadline: '2026-12-01T10:00',
      context: [
        { id: 0, key: 'to', value: '10' },
        { id: 1, key: ' name ', value: 'a b' },
        { id: 2, key: '', value: '' },
      ],
    });
    expect(workDraftSchema.parse(order)).toMatchObject({
      task: 'Roll out',
      agent: 'counter',
      priority: 1,
      timeout_ms: 300_000,
      labels: ['prod', 'night'],
      context: { to: 10, name: 'a b' },
      deadline: new Date('2026-12-01T10:00').toISOString(),
    });
  });

  it('says what is wrong beside each field', () => {
    expect(Object.keys(errorsFor({ task: '  ', agent: '' }))).toEqual(['task', 'agent']);
    expect(errorsFor({ by: 'capability' }).capability).toBeDefined();
    expect(errorsFor({ deadline: '2020-01-01T10:00' }).deadline).toBeDefined();
    expect(errorsFor({ deadline: 'soon' }).deadline).toBeDefined();
    for (const timeout of ['soon', '0', '8d', '-5m']) expect(errorsFor({ timeout }).timeout).toBeDefined();
    for (const attempts of ['', '0', '21', '1.5', 'x'])
      expect(errorsFor({ attempts }).attempts).toBeDefined();
    const twice = [
      { id: 0, key: 'a', value: '1' },
      { id: 1, key: 'a', value: '2' },
    ];
    expect(errorsFor({ context: twice }).context).toBe('Use each name once.');
    expect(errorsFor({ context: [{ id: 0, key: ' ', value: '1' }] }).context).toBeDefined();
    expect(errorsFor({ labels: 'x'.repeat(65) }).labels).toBeDefined();
  });

  it('takes away from an edited work what was emptied', () => {
    const order = orderFor({ station: '', timeout: '' });
    expect('station' in order && order.station === undefined).toBe(true);
    expect('timeout_ms' in order && order.timeout_ms === undefined).toBe(true);
  });

  it('keeps text that looks like a value of JSON as text', () => {
    for (const a of ['""', '"b"', '1', 'true', '[', ' 1 '])
      expect(orderFor({ context: valuesOf(recordWith({ a }), NOW).context }).context).toEqual({ a });
  });

  it('gives the same order again from the record of a work', () => {
    const json = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer()));
    const anyOrder = fc.record({
      task: fc.string({ minLength: 1 }).map((text) => `x${text}x`),
      context: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), json),
      priority: fc.integer({ min: 1, max: 5 }),
      timeout_ms: fc.option(fc.integer({ min: 1, max: 604_800_000 }), { nil: undefined }),
      max_attempts: fc.integer({ min: 1, max: 20 }),
      labels: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(anyOrder, (order) => {
        const full = workOrderSchema.parse({ ...order, agent: 'counter', requested_by: 'ann' });
        const made = orderOf(valuesOf(full as WorkRecord, NOW), NOW);
        expect(made).toMatchObject({ order: { ...order, agent: 'counter' } });
      }),
    );
  });
});
