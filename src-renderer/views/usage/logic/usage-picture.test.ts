import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UsageShareRow } from '../../../../src-shared/protocol/usage.ts';
import { noTotals } from '../../../../src-shared/routing/usage.ts';
import type { BudgetView, UsageDayView } from '../../../../src-shared/views/usage.ts';
import { axisTop, barOf, dayTotals, seriesOf } from './chart.ts';
import { LOOKS, looksOf } from './looks.ts';
import { lastDays, measured, type UsageQuery, usagePicture } from './usage-picture.ts';
import { averageText, budgetText, dayText, moneyText, sumText, troubleText } from './usage-words.ts';

const NOW = new Date(2026, 10, 21, 12).getTime();
const row = (agent: string, change: Partial<UsageShareRow> = {}): UsageShareRow => ({
  ...noTotals,
  agent,
  provider: 'openai',
  model: 'openai/gpt-5.2',
  calls: 1,
  input_tokens: 100,
  output_tokens: 20,
  usd: 1,
  ...change,
});
const day = (name: string, station: string, ...rows: UsageShareRow[]): UsageDayView => ({
  day: name,
  station_id: station,
  station_name: station,
  updated_at: '2026-11-21T12:00:00Z',
  rows,
});
const query = (change: Partial<UsageQuery> = {}): UsageQuery => ({
  now: NOW,
  days: 7,
  measure: 'money',
  by: 'agent',
  text: '',
  ...change,
});

const records = [
  day('2026-11-21', 'forge', row('coder', { usd: 3 }), row('reviewer')),
  day('2026-11-20', 'atlas', row('coder', { usd: 4, model: 'a/b', provider: 'a', calls: 5 })),
  day('2026-11-14', 'atlas', row('old')),
];

describe('the picture of usage', () => {
  test('sums what lies in the range, the largest first', () => {
    const { days, groups, total } = usagePicture(records, query());
    expect(days).toEqual(lastDays(NOW, 7));
    expect([days[0], days.at(-1)]).toEqual(['2026-11-15', '2026-11-21']);
    expect(groups.map(({ name, sum, share }) => [name, sum.usd, share])).toEqual([
      ['coder', 7, 7 / 8],
      ['reviewer', 1, 1 / 8],
    ]);
    expect(groups[0]?.byDay.map((sum) => sum.usd)).toEqual([0, 0, 0, 0, 0, 4, 3]);
    expect(total).toMatchObject({ usd: 8, calls: 7 });
  });

  test.each([
    ['agent', ['coder', 'reviewer']],
    ['model', ['openai/gpt-5.2', 'a/b']],
    ['provider', ['openai', 'a']],
    ['station', ['forge', 'atlas']],
  ] as const)('groups by %s', (by, names) => {
    expect(new Set(usagePicture(records, query({ by })).groups.map((group) => group.name))).toEqual(
      new Set(names),
    );
  });

  test('a filter hides groups and keeps their looks', () => {
    const all = usagePicture(records, query());
    const some = usagePicture(records, query({ text: ' REV ' }));
    expect(some).toMatchObject({ hidden: 1, total: { usd: 1 } });
    expect(some.groups[0]?.look).toBe(all.groups.find((group) => group.name === 'reviewer')?.look);
  });

  test('the order follows the measure', () => {
    const first = (measure: UsageQuery['measure']) =>
      usagePicture(
        [
          day(
            '2026-11-21',
            'x',
            row('rich', { usd: 9 }),
            row('busy', { calls: 50 }),
            row('wordy', { input_tokens: 1e6 }),
          ),
        ],
        query({ measure }),
      ).groups[0]?.name;
    expect([first('money'), first('calls'), first('tokens')]).toEqual(['rich', 'busy', 'wordy']);
  });

  test('nothing is lost between rows, groups, series and bars', () => {
    const rows = fc.array(
      fc.record({
        agent: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'),
        calls: fc.nat(50),
        back: fc.nat(6),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(rows, (made) => {
        const days = lastDays(NOW, 7);
        const given = made.map(({ agent, calls, back }) =>
          day(days[back] ?? '', `s${back}`, row(agent, { calls })),
        );
        const picture = usagePicture(given, query({ measure: 'calls' }));
        const sum = made.reduce((all, { calls }) => all + calls, 0);
        const series = seriesOf(picture, undefined);
        const totals = dayTotals(picture.days, series);
        const top = axisTop(Math.max(0, ...totals.map((each) => each.calls)), true);
        expect(picture.total.calls).toBe(sum);
        expect(series.length).toBeLessThanOrEqual(LOOKS);
        expect(totals.reduce((all, each) => all + each.calls, 0)).toBe(sum);
        for (const [index, each] of totals.entries()) {
          const bar = barOf(series, index, 'calls', top);
          expect(bar.at(-1)?.to ?? 0).toBeCloseTo(each.calls / top, 9);
          expect(bar.at(-1)?.to ?? 0).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  test('one group can stand alone, and many share what has no room', () => {
    const many = day(
      '2026-11-21',
      'x',
      ...Array.from({ length: 9 }, (_, index) => row(`a${index}`, { usd: 9 - index })),
    );
    const picture = usagePicture([many], query());
    const series = seriesOf(picture, undefined);
    expect(series.map((each) => each.name)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', '4 others']);
    expect(series.at(-1)?.sum.usd).toBe(4 + 3 + 2 + 1);
    expect(seriesOf(picture, 'a7').map((each) => each.name)).toEqual(['a7']);
  });
});

test('six names have six looks, whatever they are, and always the same', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 }), (names) => {
      const looks = looksOf(names);
      expect(new Set(looks.values()).size).toBe(names.length);
      expect(looksOf([...names].reverse())).toEqual(looks);
    }),
  );
});

test('the axis ends at a plain number at or above the largest value, and its half is plain too', () => {
  expect([0, 0.9, 1, 1.1, 4.4, 5, 61, 1_601].map((largest) => axisTop(largest))).toEqual([
    1, 1, 1, 2, 6, 6, 80, 2_000,
  ]);
  expect([0, 1, 3, 50].map((largest) => axisTop(largest, true))).toEqual([2, 2, 4, 60]);
  for (const broken of [Number.NaN, -1, Number.NEGATIVE_INFINITY]) expect(axisTop(broken)).toBe(1);
});

describe('words', () => {
  test('say that a part is a guess, and nothing where nothing is known', () => {
    const sum = { ...noTotals, calls: 4, usd: 2, failed: 1, rate_limited: 2 };
    expect(moneyText(sum)).toBe('$2.00');
    expect(moneyText({ ...sum, estimated_usd: 0.1 })).toBe('about $2.00');
    expect(moneyText({ ...sum, usd: 0, unpriced: 4 })).toBe('');
    expect(averageText(sum)).toBe('$0.50');
    expect(averageText({ ...sum, unpriced: 4 })).toBe('');
    expect(sumText({ ...sum, input_tokens: 1_400, estimated_tokens: 3 }, 'tokens')).toBe(
      'about 1.4 K tokens',
    );
    expect(sumText(sum, 'calls')).toBe('4 calls');
    expect(troubleText(sum)).toBe('1 failed, 2 rate limited');
    expect(troubleText(noTotals)).toBeUndefined();
    expect(measured(sum, 'money')).toBe(2);
    expect(dayText('2026-11-03')).toBe('3 Nov');
  });

  test('say what is used of a budget', () => {
    const budget: BudgetView = {
      scope: 'provider',
      name: 'openai',
      unit: 'usd',
      per: 'day',
      limit: 10,
      used: 3.1,
      estimated: 0,
      resets_at: '2026-11-22T00:00:00Z',
      stopped: 0,
    };
    expect(budgetText(budget)).toBe('$3.10 of $10.00');
    expect(budgetText({ ...budget, estimated: 1 })).toBe('about $3.10 of $10.00');
    expect(budgetText({ ...budget, unit: 'calls', limit: 1, used: 1 })).toBe('1 of 1 call');
  });
});
