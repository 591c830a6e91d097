import { rm } from 'node:fs/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import { shortIdPrefix } from '../../src-shared/tracker/ids.ts';
import { listLogs, listNames } from './board-index.ts';
import type { BoardLocks } from './board-locks.ts';
import type { BoardPaths } from './board-paths.ts';
import {
  checkCircles,
  checkIds,
  checkLeftovers,
  checkLifecycle,
  checkReferences,
  leftovers,
} from './check-board.ts';
import { checkTask, longerLog } from './check-task.ts';
import type { BoardFinding } from './finding.ts';
import { mendTask, rebuildIndexes } from './rebuild.ts';
import { readTaskLog } from './task-log.ts';

/** What `doctor` found, and how much it looked at. */
export interface DoctorReport {
  readonly findings: readonly BoardFinding[];
  readonly summary: {
    readonly tasks: number;
    readonly events: number;
    readonly artifacts: number;
    readonly resources: number;
    readonly warnings: number;
    readonly errors: number;
  };
}

const UNREADABLE: readonly string[] = ['too_large', 'unsafe'];

/** Looks at every file of a board. Reads only, so a write that goes on meanwhile can show up as a finding of its own. */
export function examineBoard(paths: BoardPaths, config: BoardConfig, now: Date): DoctorReport {
  const ids = listLogs(paths);
  const checked = [...ids].map((id) => checkTask(paths, id));
  const logs = checked.flatMap(({ log }) => log ?? []);
  const findings = [
    ...checked.flatMap((each) => each.findings),
    ...checkLifecycle(paths, logs),
    ...checkIds(paths, logs, shortIdPrefix(config)),
    ...checkReferences(paths, logs),
    ...checkCircles(logs),
    ...checkLeftovers(paths, ids, now.getTime()),
  ];
  return {
    findings,
    summary: {
      tasks: ids.size,
      events: logs.reduce((sum, log) => sum + log.events.length, 0),
      artifacts: listNames(paths.artifactMetas).filter((name) => name.endsWith('.json')).length,
      resources: listNames(paths.resources).length,
      warnings: findings.filter(({ level }) => level === 'warning').length,
      errors: findings.filter(({ level }) => level === 'error').length,
    },
  };
}

/** Repairs what can be repaired without losing anything, while no other write goes on, and says what is left. */
export async function mendBoard(
  paths: BoardPaths,
  locks: BoardLocks,
  config: BoardConfig,
  now: () => Date,
): Promise<{ readonly fixed: readonly BoardFinding[]; readonly report: DoctorReport }> {
  return locks.withWholeBoard(['config'], async () => {
    const before = examineBoard(paths, config, now());
    for (const id of listLogs(paths)) {
      try {
        await locks.within([`events_${id}`, `tasks_${id}`], async () => {
          await settleTwoLogs(paths, id);
          await mendTask(paths, id);
        });
      } catch (error) {
        // A log that cannot be read is a finding of its own and keeps no other task back.
        if (!UNREADABLE.includes(LatticeError.from(error).code)) throw error;
      }
    }
    await locks.within(['events__lifecycle', 'ids_json'], () => rebuildIndexes(paths, shortIdPrefix(config)));
    for (const path of leftovers(paths, now().getTime())) await rm(path, { force: true });
    const report = examineBoard(paths, config, now());
    const left = new Set(report.findings.map(nameOf));
    return { fixed: before.findings.filter((each) => !left.has(nameOf(each))), report };
  });
}

function nameOf({ check, task_id, message }: BoardFinding): string {
  return JSON.stringify([check, task_id, message]);
}

/** Of two logs of one task that say the same the longer one stays. */
async function settleTwoLogs(paths: BoardPaths, id: string): Promise<void> {
  const active = readTaskLog(paths, id, false);
  const archived = readTaskLog(paths, id, true);
  const keep = active && archived && longerLog(active, archived);
  if (!keep) return;
  await rm(paths.log(id, !keep.inArchive), { force: true });
}
