import { describe, expect, it } from 'vitest';
import type { WorkSpan } from '../../../../src-shared/views/work-timeline.ts';
import { type Row, waterfallRows } from './rows.ts';

const span = (
  kind: WorkSpan['kind'],
  id: string,
  start: number,
  end?: number,
  more: Partial<WorkSpan> = {},
) =>
  ({
    id,
    work_id: 'w1',
    kind,
    label: id,
    start,
    state: end === undefined ? 'running' : 'completed',
    children: [],
    ...(end === undefined ? {} : { end }),
    ...more,
  }) satisfies WorkSpan;

const queue = (id: string, start: number, end?: number) =>
  span('queue', id, start, end, { state: 'waiting' });
const attempt = (
  number: number,
  station: string,
  start: number,
  end?: number,
  more: Partial<WorkSpan> = {},
) => span('attempt', `a${number}`, start, end, { label: `Attempt ${number} on ${station}`, ...more });

const none: ReadonlySet<string> = new Set();
const outline = (rows: readonly Row[]) =>
  rows.map((row) => `${'  '.repeat(row.depth)}${row.label}${row.place === undefined ? '' : ` ${row.place}`}`);

const sub = span('work', 'w2', 140_000, 190_000, {
  work_id: 'w2',
  label: 'vuln-scanner',
  children: [
    queue('q2', 140_000, 142_000),
    attempt(1, 'atlas', 142_000, 190_000, { id: 'w2:a1', work_id: 'w2' }),
  ],
});
const work = span('work', 'w1', 0, undefined, {
  children: [
    queue('q', 0, 3_000),
    attempt(1, 'edge-fra', 3_000, 94_000, { state: 'lost' }),
    queue('q1', 94_000, 99_000),
    attempt(2, 'forge', 99_000, undefined, {
      children: [span('question', 'ask', 227_000, undefined, { state: 'asking', label: 'Roll out now?' })],
    }),
    sub,
  ],
});

describe('the rows of the waterfall', () => {
  it('shows queue, attempts as siblings, and what belongs to an attempt inside it', () => {
    expect(outline(waterfallRows([work], [], none))).toEqual([
      'Queue',
      'Attempt 1 on edge-fra',
      'Wait before attempt 2',
      'Attempt 2 on forge',
      '  vuln-scanner on atlas',
      '  Asks you Roll out now?',
    ]);
  });

  it('marks the silence before a lease lapsed, at most as long as the attempt', () => {
    const [, lost] = waterfallRows([work], [], none);
    expect(lost?.bars).toEqual([{ id: 'a1', look: 'fail', start: 3_000, end: 94_000, silentFrom: 64_000 }]);
    expect(lost?.note).toEqual({ text: 'Station went silent', tone: 'fail' });
    const short = span('work', 'w1', 0, 9_000, {
      children: [attempt(1, 'edge', 2_000, 9_000, { state: 'lost' })],
    });
    expect(waterfallRows([short], [], none)[0]?.bars[0]?.silentFrom).toBe(2_000);
  });

  it('says that an attempt asks while its question is open, and what the answer was afterwards', () => {
    const rows = waterfallRows([work], [], none);
    expect(rows.find((row) => row.id === 'a2')?.status).toBe('escalated');
    const answered = span('work', 'w1', 0, undefined, {
      children: [
        attempt(1, 'forge', 0, undefined, {
          children: [span('question', 'ask', 1, 2, { state: 'asking', label: 'Go?', detail: 'Yes' })],
        }),
      ],
    });
    const [running, asked] = waterfallRows([answered], [], none);
    expect([running?.status, asked?.label, asked?.note?.text]).toEqual(['running', 'Asked', 'Yes']);
  });

  it('draws the queue of a sub-work apart from its run, and its attempts as rows when there are several', () => {
    const row = waterfallRows([work], [], none).find((candidate) => candidate.id === 'w2');
    expect(row?.bars.map((bar) => [bar.look, bar.start, bar.end])).toEqual([
      ['wait', 140_000, 142_000],
      ['good', 142_000, 190_000],
    ]);
    const twice = {
      ...sub,
      children: [...sub.children, attempt(2, 'forge', 190_000, 195_000, { id: 'w2:a2', work_id: 'w2' })],
    };
    const rows = waterfallRows([{ ...work, children: [...work.children.slice(0, 4), twice] }], [], none);
    expect(outline(rows).slice(4, 8)).toEqual([
      '  vuln-scanner on forge',
      '    Queue',
      '    Attempt 1 on atlas',
      '    Attempt 2 on forge',
    ]);
  });

  it('puts the steps an attempt told into it, each until the next one', () => {
    const steps = [
      { attempt: 2, label: 'Step 1 of 2, plan', start: 100_000 },
      { attempt: 2, label: 'Step 2 of 2, apply', start: 120_000 },
    ];
    const rows = waterfallRows([work], steps, none);
    expect(outline(rows).slice(4)).toEqual([
      '  Step 1 of 2, plan',
      '  Step 2 of 2, apply',
      '  vuln-scanner on atlas',
      '  Asks you Roll out now?',
    ]);
    expect(rows[4]?.end).toBe(120_000);
    expect(rows[5]?.end).toBeUndefined();
  });

  it('folds what a person folded', () => {
    const rows = waterfallRows([work], [], new Set(['a2']));
    expect(rows.at(-1)).toMatchObject({ id: 'a2', fold: 'folded' });
  });

  it('leaves a sub-work that nobody gave in an attempt where it is', () => {
    const early = { ...sub, start: 1, end: 2 };
    const rows = waterfallRows([{ ...work, children: [...work.children.slice(0, 4), early] }], [], none);
    expect(rows.find((row) => row.id === 'w2')?.depth).toBe(0);
  });

  it('shows nothing for a work without a story', () => {
    expect(waterfallRows([], [], none)).toEqual([]);
  });
});
