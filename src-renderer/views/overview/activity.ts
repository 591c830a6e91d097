import type { RunView } from '../../../src-shared/views/run.ts';
import type { WorkView } from '../../../src-shared/views/work.ts';
import { STATUSES, type Status } from '../../ui/status.ts';
import { asks, doerOf, stateOf } from '../work/words.ts';

/** What a station does, or did, for a person: durable work, or a direct call of this window. */
export interface Activity {
  kind: 'work' | 'run';
  id: string;
  /** The agent, or what it has to be able to do. */
  doer: string;
  task: string;
  station_id: string | undefined;
  station_name: string | undefined;
  status: Status;
  /** The state as a person says it. */
  word: string;
  /** How far it is, of 100; undefined while nobody said. */
  percent: number | undefined;
  /** RFC 3339. */
  since: string;
  ended_at: string | undefined;
  /** Why it failed. */
  error: string | undefined;
}

const RUN_STATUS: Record<RunView['state'], Status> = {
  routing: 'queued',
  queued: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** A direct call of this window. */
export function activityOfRun(run: RunView): Activity {
  const status = RUN_STATUS[run.state];
  return {
    kind: 'run',
    id: run.id,
    doer: run.agent,
    task: run.task,
    station_id: run.station_id,
    station_name: run.station_name,
    status,
    word: STATUSES[status].word,
    percent: run.progress?.percent,
    since: run.started_at,
    ended_at: run.ended_at,
    error: run.state === 'failed' ? (run.error?.message ?? 'failed') : undefined,
  };
}

/** A work that a station has. */
function activityOfWork(work: WorkView): Activity {
  const { status, word } = stateOf(work);
  return {
    kind: 'work',
    id: work.id,
    doer: doerOf(work),
    task: work.task,
    station_id: work.station_id,
    station_name: work.station_name,
    status,
    word,
    percent: work.progress?.percent,
    since: work.started_at ?? work.updated_at,
    ended_at: work.ended_at,
    error: undefined,
  };
}

function newestFirst(a: Activity, b: Activity): number {
  return a.since < b.since ? 1 : a.since > b.since ? -1 : a.id < b.id ? 1 : -1;
}

/** All that runs now, newest first: works on any station, and the direct calls of this window. */
export function runningNow(works: readonly WorkView[], runs: readonly RunView[]): Activity[] {
  const calls = runs.filter((run) => run.state === 'running');
  return [...works.map(activityOfWork), ...calls.map(activityOfRun)].sort(newestFirst);
}

/** The works whose agent waits for an answer; they keep their slot meanwhile. */
export function askingNow(waiting: readonly WorkView[]): Activity[] {
  return waiting.filter(asks).map(activityOfWork);
}

/** Since when the one that waits longest is in the queue; undefined while nothing waits. */
export function oldestWait(queued: readonly WorkView[]): string | undefined {
  let oldest: string | undefined;
  for (const { queued_at: at } of queued) if (oldest === undefined || at < oldest) oldest = at;
  return oldest;
}

/** How many works came to an end since `midnight`; `finished` has the newest first. */
export function finishedSince(
  finished: readonly WorkView[],
  midnight: Date,
): { completed: number; failed: number } {
  const from = midnight.toISOString();
  const sum = { completed: 0, failed: 0 };
  for (const { status, ended_at: at } of finished) {
    if (at === undefined || at < from) break;
    if (status === 'completed' || status === 'failed') sum[status] += 1;
  }
  return sum;
}
