import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../src-shared/protocol/activity.ts';
import { activityText } from '../../../src-shared/views/activity-words.ts';
import { itemText, type SaidLine, StreamReader } from './stream-items.ts';

function said(
  ...parts: (Activity | string | { attempt: number; activity: Activity })[]
): Map<string, SaidLine> {
  const lines = parts.map((part, index): SaidLine => {
    const place = { seq: index + 1, time: `2026-11-21T10:00:0${index % 10}Z`, attempt: 1 };
    if (typeof part === 'string') return { ...place, kind: 'output', text: part };
    const { attempt, activity } = 'attempt' in part ? part : { attempt: 1, activity: part };
    return { ...place, attempt, kind: 'activity', text: activityText(activity), activity };
  });
  return new Map(lines.map((line) => [String(line.seq), line]));
}

const answer = (text: string, id = '1'): Activity => ({ kind: 'text', id, role: 'answer', text });
const tool = (status: 'running' | 'completed', output?: string): Activity => ({
  kind: 'tool',
  id: 't',
  title: 'npm test',
  tool_kind: 'execute',
  status,
  ...(output === undefined ? {} : { output }),
});
const call = (status: 'running' | 'ok', usd?: number): Activity => ({
  kind: 'model_call',
  id: 'c',
  model: 'fake/tiny',
  provider: 'fake',
  status,
  reason: 'Slot 1 of the pattern.',
  passed_over: [],
  started_at: '2026-11-21T10:00:00Z',
  ...(usd === undefined ? {} : { usd, input_tokens: 1_000, output_tokens: 24 }),
});

describe('StreamReader', () => {
  it('joins the pieces of an answer and cuts it into blocks', () => {
    const { items } = new StreamReader().read(said(answer('Fir'), answer('st.\n\nSec'), answer('ond')));
    expect(items.map(itemText)).toEqual(['First.\n\n', 'Second']);
    expect(items.map((item) => item.key)).toEqual(['1', '2.1']);
  });

  it('keeps the place of a tool and a model call and takes their last word', () => {
    const terminal: Activity = { kind: 'terminal', id: 'x', tool: 't', text: 'ok 1\n' };
    const { items, totals } = new StreamReader().read(
      said(
        call('running'),
        tool('running'),
        terminal,
        answer('Good.'),
        tool('completed', 'all ok'),
        call('ok', 0.25),
      ),
    );
    expect(items.map((item) => item.kind)).toEqual(['model_call', 'tool', 'answer']);
    expect(items[1]).toMatchObject({ terminal: 'ok 1\n', tool: { status: 'completed', output: 'all ok' } });
    expect(totals).toEqual({ calls: 1, tokens: 1_024, usd: 0.25, estimated: false });
  });

  it('begins anew with each attempt, also for the same ids', () => {
    const { items, firstOf } = new StreamReader().read(
      said(tool('running'), { attempt: 2, activity: tool('completed') }),
    );
    expect(items.map((item) => item.kind)).toEqual(['tool', 'attempt', 'tool']);
    expect([...firstOf]).toEqual([
      [1, '1'],
      [2, 'attempt 2'],
    ]);
  });

  it('reads on from where it was, and from the start when the lines are others', () => {
    const reader = new StreamReader();
    const lines = said(answer('a'), 'plain\n', answer('b', '2'), 'more');
    const whole = new StreamReader().read(lines).items;
    reader.read(new Map([...lines].slice(0, 2)));
    expect(reader.read(lines).items).toEqual(whole);
    expect(reader.read(said('other')).items.map(itemText)).toEqual(['other']);
  });

  it('stays quick with 2 MB of one answer in 4,000 pieces', () => {
    const reader = new StreamReader();
    const lines = new Map<string, SaidLine>();
    const all = [
      ...said(...Array.from({ length: 4_000 }, (_, n) => answer(n % 9 === 8 ? '\n\n' : 'word '.repeat(112)))),
    ];
    let blocks = 0;
    for (let from = 0; from < all.length; from += 40) {
      for (const [key, line] of all.slice(from, from + 40)) lines.set(key, line);
      blocks = reader.read(lines).items.length;
    }
    expect(blocks).toBeGreaterThan(400);
  });
});
