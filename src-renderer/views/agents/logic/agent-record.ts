import type { WorkView } from '../../../../src-shared/views/work.ts';
import { median } from './run-facts.ts';

/** What the finished works of an agent say about it. */
export interface AgentRecord {
  /** Newest first. */
  readonly works: readonly WorkView[];
  /** Works that completed or failed; what a person stopped says nothing about the agent. */
  readonly judged: number;
  /** 0 to 1; undefined before the first. */
  readonly successRate: number | undefined;
  /** The middle time of completed works from their start to their end, in milliseconds. */
  readonly medianMs: number | undefined;
}

/** Sums up the works that an agent did; `finished` is newest first. */
export function recordOf(finished: readonly WorkView[], agent: string): AgentRecord {
  const works = finished.filter((work) => work.agent === agent);
  const completed = works.filter((work) => work.status === 'completed');
  const failed = works.filter((work) => work.status === 'failed' || work.status === 'expired');
  const judged = completed.length + failed.length;
  const times = completed.flatMap(({ started_at, ended_at }) =>
    started_at === undefined || ended_at === undefined ? [] : [Date.parse(ended_at) - Date.parse(started_at)],
  );
  return {
    works,
    judged,
    successRate: judged === 0 ? undefined : completed.length / judged,
    medianMs: median(times),
  };
}
