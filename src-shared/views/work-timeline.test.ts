import { describe, expect, it } from 'vitest';
import { type WorkRecord, workOrderSchema } from '../protocol/work.ts';
import type { WorkChange } from '../protocol/work-change.ts';
import { applyWorkEvent } from '../protocol/work-reducer.ts';
import { supersedes, workViewOf } from './work.ts';
import { type WorkHistoryEntry, workSpans, workSteps } from './work-timeline.ts';

const order = workOrderSchema.parse({ task: 'count', agent: 'counter', requested_by: 'anna' });
const question = { id: 'q1', text: 'Which one?', choices: ['a', 'b'] };

/** A history in which each change comes a second after the one before. */
function historyOf(...changes: WorkChange[]): WorkHistoryEntry[] {
  let record: WorkRecord | undefined;
  return changes.map((change, index) => {
    const event = { id: `e${index}`, at: new Date(index * 1_000).toISOString(), by: 'test', change };
    const applied = applyWorkEvent(record, event);
    if (!applied.ok) throw new Error(applied.refusal.message);
    record = applied.record;
    return { event, record };
  });
}

function accepted(attempt: number): WorkChange {
  return { type: 'accepted', attempt, station_id: `s${attempt}`, station_name: `S${attempt}`, lease: 1 };
}

const assigned: WorkChange = { type: 'assigned', work_id: 'w1', order };

describe('workSpans', () => {
  it('shows waits in the queue apart from attempts, and questions inside them', () => {
    const history = historyOf(
      assigned,
      accepted(1),
      { type: 'requeued', attempt: 1, reason: 'No such program.', delay_ms: 500 },
      accepted(2),
      { type: 'escalated', attempt: 2, cause: { kind: 'question', question }, severity: 'medium' },
      { type: 'answered', question_id: 'q1', answer: 'a' },
      { type: 'completed', attempt: 2, result: 'ten' },
    );
    const child = {
      id: 'c',
      work_id: 'c',
      kind: 'work',
      label: 'sub',
      start: 3_000,
      state: 'running',
      children: [],
    } as const;
    const [root] = workSpans(history, [{ ...child, children: [] }]);
    expect(root).toMatchObject({ kind: 'work', label: 'counter', start: 0, end: 6_000, state: 'completed' });
    expect(root?.children).toMatchObject([
      { kind: 'queue', start: 0, end: 1_000 },
      { kind: 'attempt', label: 'Attempt 1 on S1', start: 1_000, end: 2_000, state: 'failed' },
      { kind: 'queue', start: 2_000, end: 3_000 },
      {
        kind: 'attempt',
        start: 3_000,
        end: 6_000,
        state: 'completed',
        children: [{ kind: 'question', start: 4_000, end: 5_000, detail: 'a' }],
      },
      { kind: 'work', label: 'sub' },
    ]);
  });

  it('lets what goes on now grow', () => {
    const [waiting] = workSpans(historyOf({ ...assigned, unplaceable: 'Nobody offers it.' }));
    expect(waiting?.children).toMatchObject([{ kind: 'queue', detail: 'Nobody offers it.' }]);
    expect(waiting?.children[0]).not.toHaveProperty('end');
    const [running] = workSpans(historyOf(assigned, accepted(1)));
    expect(running).not.toHaveProperty('end');
    expect(running?.children.at(-1)).toMatchObject({ kind: 'attempt', state: 'running' });
    expect(workSpans([])).toEqual([]);
  });

  it('shows an attempt that was lost to another station beside its successor', () => {
    const [root] = workSpans(historyOf(assigned, accepted(1), accepted(2)));
    expect(root?.children.map((span) => span.state)).toEqual(['waiting', 'lost', 'running']);
  });
});

describe('workSteps', () => {
  it('tells each change as a sentence, with the signals of a verdict', () => {
    const steps = workSteps(
      historyOf(assigned, accepted(1), {
        type: 'requeued',
        attempt: 1,
        reason: 'The station that ran it is gone.',
        delay_ms: 0,
        signals: ['station S1 offline'],
      }),
    );
    expect(steps.map((step) => step.text)).toEqual([
      'Assigned by test',
      'S1 started attempt 1',
      'Back in the queue: The station that ran it is gone.',
    ]);
    expect(steps[2]?.signals).toEqual(['station S1 offline']);
  });
});

describe('workViewOf', () => {
  it('says what a work waits for', () => {
    const last = historyOf(assigned, accepted(1), {
      type: 'escalated',
      attempt: 1,
      cause: { kind: 'question', question },
      severity: 'medium',
    }).at(-1);
    expect(last && workViewOf(last.record).waits).toMatchObject({
      kind: 'question',
      text: 'Which one?',
      question_id: 'q1',
      choices: ['a', 'b'],
    });
  });

  it('never lets a list go back', () => {
    const [first, second, third] = historyOf(assigned, accepted(1), {
      type: 'completed',
      attempt: 1,
      result: 'x',
    });
    if (!first || !second || !third) throw new Error('no history');
    const views = [first, second, third].map((entry) => workViewOf(entry.record));
    const [a, b, c] = views;
    expect(a && b && c && supersedes(a, b) && supersedes(b, c)).toBe(true);
    expect(b && a && supersedes(b, a)).toBe(false);
    expect(c && supersedes(c, { ...c, revision: 9 })).toBe(false);
  });
});
