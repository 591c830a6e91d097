import { expect, test } from 'vitest';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { recordOf } from './agent-record.ts';

const work = (change: Partial<WorkView>): WorkView => ({
  id: 'w',
  task: 'Do it',
  agent: 'coder',
  status: 'completed',
  priority: 3,
  attempt: 1,
  attempts_allowed: 3,
  run_id: 'w',
  requested_by: 'ada',
  created_at: '2026-11-21T12:00:00Z',
  queued_at: '2026-11-21T12:00:00Z',
  started_at: '2026-11-21T12:00:10Z',
  ended_at: '2026-11-21T12:00:20Z',
  updated_at: '2026-11-21T12:00:20Z',
  revision: 1,
  ...change,
});

test('what a person stopped, and what others did, says nothing about an agent', () => {
  const record = recordOf(
    [
      work({ id: 'a' }),
      work({ id: 'b', status: 'failed' }),
      work({ id: 'c', status: 'cancelled' }),
      work({ id: 'd', agent: 'reviewer', status: 'failed' }),
      work({ id: 'e', ended_at: '2026-11-21T12:00:40Z' }),
    ],
    'coder',
  );
  expect(record.works.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'e']);
  expect(record).toMatchObject({ judged: 3, successRate: 2 / 3, medianMs: 20_000 });
});

test('before the first outcome nothing is claimed', () => {
  expect(recordOf([work({ status: 'cancelled' })], 'coder')).toMatchObject({
    judged: 0,
    successRate: undefined,
    medianMs: undefined,
  });
});
