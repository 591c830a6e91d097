import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEnded, isHeld, type WorkRecord, workOrderSchema } from './work.ts';
import { decodeWorkEvent, encodeWorkEvent, orderOf, type WorkChange, type WorkEvent } from './work-change.ts';
import { applyWorkEvent } from './work-reducer.ts';

const AT = '2026-01-01T00:00:00.000Z';
const order = workOrderSchema.parse({ task: 'count', agent: 'counter', requested_by: 'anna' });
const assigned: WorkChange = { type: 'assigned', work_id: 'w1', order };
const question = { id: 'q1', text: 'Which one?', choices: ['a', 'b'] };

let count = 0;
function event(change: WorkChange, id = `e${++count}`): WorkEvent {
  return { id, at: AT, by: 'test', change };
}

function accept(attempt: number, station = 's1'): WorkChange {
  return { type: 'accepted', attempt, station_id: station, station_name: station, lease: 1 };
}

function replay(...changes: WorkChange[]): WorkRecord {
  let record: WorkRecord | undefined;
  for (const change of changes) {
    const applied = applyWorkEvent(record, event(change));
    if (!applied.ok) throw new Error(`${change.type}: ${applied.refusal.message}`);
    record = applied.record;
  }
  if (!record) throw new Error('no changes');
  return record;
}

function refusal(record: WorkRecord | undefined, change: WorkChange): string | undefined {
  const applied = applyWorkEvent(record, event(change));
  return applied.ok ? undefined : applied.refusal.code;
}

describe('applyWorkEvent', () => {
  it('leads a work from assigned to completed', () => {
    const record = replay(assigned, accept(1), { type: 'completed', attempt: 1, result: 'ten' });
    expect(record).toMatchObject({
      status: 'completed',
      attempt: 1,
      result: 'ten',
      run_id: 'w1',
      revision: 3,
    });
    expect(record.attempts).toMatchObject([{ attempt: 1, end: 'completed' }]);
    expect(record).not.toHaveProperty('lease');
  });

  it('gives a lapsed lease to the next station and refuses what the first one says late', () => {
    const record = replay(assigned, accept(1), accept(2, 's2'));
    expect(record.attempts).toMatchObject([{ attempt: 1, end: 'lost' }, { attempt: 2 }]);
    expect(refusal(record, { type: 'completed', attempt: 1, result: 'late' })).toBe('stale_attempt');
    expect(refusal(record, accept(2, 's3'))).toBe('stale_attempt');
  });

  it('asks, hears one answer, and goes on', () => {
    const asking = replay(assigned, accept(1), {
      type: 'escalated',
      attempt: 1,
      cause: { kind: 'question', question },
      severity: 'medium',
    });
    expect(isHeld(asking)).toBe(true);
    const answer: WorkChange = { type: 'answered', question_id: 'q1', answer: 'a' };
    const answered = applyWorkEvent(asking, event(answer));
    expect(answered).toMatchObject({ ok: true, record: { status: 'accepted', answers: [{ answer: 'a' }] } });
    expect(refusal(answered.ok ? answered.record : undefined, answer)).toBe('no_question');
    expect(refusal(asking, { type: 'answered', question_id: 'q2', answer: 'a' })).toBe('no_question');
  });

  it('stops after the attempts allowed until a person adds more', () => {
    const used = replay(assigned, accept(1), accept(2), accept(3));
    expect(refusal(used, accept(4))).toBe('attempts_used');
    const stop: WorkChange = {
      type: 'escalated',
      attempt: 3,
      cause: { kind: 'attempts_used' },
      severity: 'high',
    };
    const stopped = applyWorkEvent(used, event(stop));
    if (!stopped.ok) throw new Error(stopped.refusal.message);
    expect(refusal(stopped.record, accept(4))).toBe('waits_for_person');
    const again = applyWorkEvent(
      stopped.record,
      event({ type: 'requeued', attempt: 3, reason: 'retry', delay_ms: 0, more_attempts: 3 }),
    );
    expect(again).toMatchObject({
      ok: true,
      record: { status: 'assigned', attempts_allowed: 6, attempt: 3 },
    });
  });

  it('lets a cancelled work neither start nor go back to the queue', () => {
    const held = replay(assigned, accept(1), { type: 'cancel_requested', reason: 'wrong task' });
    expect(refusal(held, accept(2))).toBe('cancelling');
    expect(refusal(held, { type: 'requeued', attempt: 1, reason: 'x', delay_ms: 0 })).toBe('cancelling');
    const done = applyWorkEvent(held, event({ type: 'cancelled', attempt: 1, reason: 'wrong task' }));
    expect(done).toMatchObject({ ok: true, record: { status: 'cancelled', cancel: { by: 'test', at: AT } } });
    expect(refusal(replay(assigned), { type: 'cancel_requested', reason: '' })).toBe('not_held');
  });

  it('raises the same escalation again, never lower', () => {
    const stop = (severity: 'medium' | 'high'): WorkChange => ({
      type: 'escalated',
      attempt: 0,
      cause: { kind: 'verdict', reason: 'stuck' },
      severity,
    });
    const record = replay(assigned, stop('medium'), stop('high'), { type: 'acknowledged' });
    expect(record.escalation).toMatchObject({ severity: 'high', raised: 2, acknowledged: { by: 'test' } });
    expect(refusal(record, stop('medium'))).toBe('repeated');
  });

  it('keeps a work for the station it names', () => {
    const only = replay({ ...assigned, order: { ...order, station: 's9' } });
    expect(only.queue_station).toBe('s9');
    expect(refusal(only, accept(1))).toBe('other_station');
  });

  it('refuses what is about no work', () => {
    expect(refusal(undefined, accept(1))).toBe('unknown_work');
    expect(refusal(replay(assigned), assigned)).toBe('exists');
  });
});

const attempt = fc.integer({ min: 0, max: 5 });
const positive = fc.integer({ min: 1, max: 5 });
const anyChange: fc.Arbitrary<WorkChange> = fc.oneof(
  fc.constant(assigned),
  fc.tuple(positive, fc.constantFrom('s1', 's2')).map(([n, station]) => accept(n, station)),
  attempt.map(
    (n): WorkChange => ({
      type: 'escalated',
      attempt: n,
      cause: { kind: 'question', question },
      severity: 'medium',
    }),
  ),
  attempt.map(
    (n): WorkChange => ({
      type: 'escalated',
      attempt: n,
      cause: { kind: 'attempts_used' },
      severity: 'high',
    }),
  ),
  fc.constant<WorkChange>({ type: 'answered', question_id: 'q1', answer: 'a' }),
  fc.constant<WorkChange>({ type: 'acknowledged' }),
  fc.constant<WorkChange>({ type: 'cancel_requested', reason: 'enough' }),
  positive.map((n): WorkChange => ({ type: 'completed', attempt: n, result: `r${n}` })),
  positive.map(
    (n): WorkChange => ({ type: 'failed', attempt: n, error: { code: 'agent_failed', message: 'no' } }),
  ),
  attempt.map((n): WorkChange => ({ type: 'cancelled', attempt: n, reason: 'enough' })),
  fc.constant<WorkChange>({ type: 'expired', reason: 'deadline' }),
  attempt.map(
    (n): WorkChange => ({
      type: 'requeued',
      attempt: n,
      reason: 'x',
      delay_ms: n * 100,
      more_attempts: n % 2,
    }),
  ),
  fc.constant<WorkChange>({ type: 'unplaceable', reason: 'Nobody offers it.' }),
);
/** Few ids, so that the same event comes again, now or later. */
const anyEvent = fc
  .tuple(anyChange, fc.integer({ min: 0, max: 20 }))
  .map(([change, id]) => event(change, `e${id}-${JSON.stringify(change).length}`));

describe('whatever arrives, in any order, lost or repeated', () => {
  it('never moves a work backwards, never ends it twice, never accepts a lower attempt', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        let record: WorkRecord | undefined;
        for (const next of [event(assigned, 'first'), ...events]) {
          const before: WorkRecord | undefined = record;
          const applied = applyWorkEvent(before, next);
          if (!applied.ok) continue;
          record = applied.record;
          if (!before) continue;
          expect(isEnded(before.status)).toBe(false);
          expect(record.attempt).toBeGreaterThanOrEqual(before.attempt);
          expect(record.revision).toBe(before.revision + 1);
          expect(record.attempts.length).toBeGreaterThanOrEqual(before.attempts.length);
          expect(record.attempts.filter((entry) => entry.end === undefined).length).toBe(
            isHeld(record) ? 1 : 0,
          );
          expect(record.attempt).toBeLessThanOrEqual(record.attempts_allowed);
          expect(isHeld(record)).toBe(record.lease !== undefined);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing when the last event comes again', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        let record: WorkRecord | undefined;
        for (const next of [event(assigned, 'first'), ...events]) {
          const applied = applyWorkEvent(record, next);
          if (applied.ok) record = applied.record;
          if (applied.ok)
            expect(applyWorkEvent(record, next)).toMatchObject({ refusal: { code: 'repeated' } });
        }
      }),
    );
  });

  it('replays on every replica to the record that each message carries', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        let record: WorkRecord | undefined;
        let replica: WorkRecord | undefined;
        for (const next of [event(assigned, 'first'), ...events]) {
          const applied = applyWorkEvent(record, next);
          if (!applied.ok) continue;
          record = applied.record;
          const wire = JSON.stringify(encodeWorkEvent(next, record, { source: 'lattice/test' }));
          const decoded = decodeWorkEvent(JSON.parse(wire));
          expect(decoded?.record).toEqual(record);
          if (!decoded) return;
          const replayed = applyWorkEvent(replica, decoded.event);
          replica = replayed.ok ? replayed.record : replica;
          expect(replica).toEqual(record);
        }
      }),
    );
  });

  it('lets one of several writers win when each appends against what it last read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), anyEvent), { maxLength: 60 }), (turns) => {
        const log: WorkRecord[] = [replay(assigned)];
        const seen = [0, 0, 0, 0].map(() => ({ at: 1, record: log[0] }));
        for (const [writer, next] of turns) {
          const view = seen[writer];
          if (!view) continue;
          const applied = applyWorkEvent(view.record, next);
          const wins = applied.ok && view.at === log.length;
          if (wins) log.push(applied.record);
          seen[writer] = { at: log.length, record: log.at(-1) };
        }
        const outcomes = log.filter((record) => isEnded(record.status));
        expect(outcomes.length).toBeLessThanOrEqual(1);
        const attempts = log.map((record) => record.attempt);
        expect(attempts).toEqual([...attempts].sort((a, b) => a - b));
      }),
    );
  });
});

describe('decodeWorkEvent', () => {
  it('refuses rubbish', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(decodeWorkEvent(value)).toBeUndefined();
      }),
    );
  });

  it('gives back the order of a record', () => {
    expect(orderOf(replay(assigned))).toEqual({ ...order, run_id: 'w1' });
  });
});
