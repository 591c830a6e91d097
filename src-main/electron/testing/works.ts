import type { WorkView } from '../../../src-shared/views/work.ts';

const AT = '2026-01-01T00:00:00Z';

/** A work as lists have it. */
export function aWork(id: string, status: WorkView['status']): WorkView {
  return {
    id,
    task: `Task ${id}`,
    agent: 'counter',
    status,
    priority: 3,
    attempt: 1,
    attempts_allowed: 3,
    run_id: id,
    requested_by: 'ada',
    created_at: AT,
    queued_at: AT,
    updated_at: AT,
    revision: 1,
  };
}

/** A work that asks a person. */
export function aWaitingWork(id: string, waits: Partial<NonNullable<WorkView['waits']>> = {}): WorkView {
  return {
    ...aWork(id, 'escalated'),
    waits: {
      kind: 'question',
      text: 'Which colour?',
      severity: 'medium',
      since: AT,
      raised_at: AT,
      raised: 1,
      acknowledged: false,
      ...waits,
    },
  };
}
