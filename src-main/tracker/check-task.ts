import { LatticeError } from '../../src-shared/errors.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import type { TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import { checkStrictReplay } from '../../src-shared/tracker/strict-replay.ts';
import { readBoardFile } from './board-file.ts';
import type { BoardPaths } from './board-paths.ts';
import { type BoardFinding, finding } from './finding.ts';
import { readTaskLog, type TaskLog } from './task-log.ts';

/** What is wrong with the files of one task, and its log when it could be read. */
export function checkTask(
  paths: BoardPaths,
  id: string,
): { findings: readonly BoardFinding[]; log: TaskLog | undefined } {
  try {
    const active = readTaskLog(paths, id, false);
    const archived = readTaskLog(paths, id, true);
    const log = active ?? archived;
    if (!log) return { findings: [], log };
    if (isEmptyLog(log)) return { findings: [emptyLog(paths, log)], log };
    const both = active && archived ? [checkBoth(active, archived)] : [];
    return { findings: [...both, ...checkLog(log), ...checkFollowers(paths, log)], log };
  } catch (error) {
    const { code, message } = LatticeError.from(error);
    return { findings: [finding(`log_${code}`, message, { task: id })], log: undefined };
  }
}

/** Whether a log has not even rubbish in it: what a creation leaves that did not get further. */
export function isEmptyLog(log: TaskLog): boolean {
  return log.text.lines.length + log.text.torn.length === 0;
}

function emptyLog(paths: BoardPaths, log: TaskLog): BoardFinding {
  const evidence = readBoardFile(paths.snapshot(log.id, log.inArchive)) !== undefined;
  return finding('empty_log', 'The log is empty.', {
    task: log.id,
    ...(evidence ? {} : { level: 'warning', fixable: true }),
  });
}

function checkBoth(active: TaskLog, archived: TaskLog): BoardFinding {
  return finding('two_logs', 'The task has a log on the board and another one in the archive.', {
    task: active.id,
    fixable: longerLog(active, archived) !== undefined,
  });
}

/** Of two logs that begin alike the one that goes on; undefined when they say different things. */
export function longerLog(one: TaskLog, other: TaskLog): TaskLog | undefined {
  const [longer, shorter] = one.events.length >= other.events.length ? [one, other] : [other, one];
  if (longer.text.torn.length + shorter.text.torn.length + longer.misfits.length + shorter.misfits.length > 0)
    return undefined;
  return shorter.events.every((event, index) => event.id === longer.events[index]?.id) ? longer : undefined;
}

function checkLog(log: TaskLog): BoardFinding[] {
  const task = log.id;
  const torn = log.text.torn.map((line) =>
    line.last
      ? finding('torn_last_line', `The last line of the log (line ${line.number}) is torn.`, {
          task,
          level: 'warning',
          fixable: true,
        })
      : finding('torn_line', `Line ${line.number} of the log is torn.`, { task, fixable: true }),
  );
  const misfits = log.misfits.map(({ line, kind, message }) =>
    finding(kind, `Line ${line.number}: ${message}`, { task, fixable: true }),
  );
  const problems = log.replay.problems.map((problem) =>
    finding('replay', `${problem.event_id}: ${problem.message}`, { task }),
  );
  const begun = log.replay.task
    ? []
    : [finding('no_creation', 'The log does not say how the task began.', { task })];
  const ended =
    log.text.ended || log.text.torn.some((line) => line.last)
      ? []
      : [
          finding('no_newline', 'The last line of the log has no newline.', {
            task,
            level: 'warning',
            fixable: true,
          }),
        ];
  return [...torn, ...misfits, ...problems, ...begun, ...ended, ...checkStrict(log)];
}

/** What only the hosted version of the foreign program minds; it takes no writes to such a task. */
function checkStrict(log: TaskLog): BoardFinding[] {
  if (!log.replay.task) return [];
  const told = new Set(log.replay.problems.map((problem) => problem.event_id));
  return checkStrictReplay(log.id, log.events)
    .filter((each) => !told.has(each.event_id))
    .map((each) =>
      finding('strict_replay', `${each.event_id}: ${each.message}`, { task: log.id, level: 'warning' }),
    );
}

function checkFollowers(paths: BoardPaths, log: TaskLog): BoardFinding[] {
  const { task, archived } = log.replay;
  if (!task) return [];
  if (archived !== log.inArchive) {
    const [is, should] = log.inArchive
      ? ['in the archive', 'on the board']
      : ['on the board', 'in the archive'];
    return [
      finding('placement', `The files lie ${is}, but belong ${should}.`, { task: log.id, fixable: true }),
    ];
  }
  return [checkSnapshot(paths, task, archived) ?? []].flat();
}

/** Whether the snapshot of a task says, byte for byte, what its log comes to; undefined when it does. */
export function checkSnapshot(
  paths: BoardPaths,
  task: TaskSnapshot,
  archived: boolean,
): BoardFinding | undefined {
  const bytes = readBoardFile(paths.snapshot(task.id, archived));
  if (bytes?.toString('utf8') === serialiseDocument(task)) return undefined;
  const more = { task: task.id, fixable: true };
  return bytes === undefined
    ? finding('snapshot_missing', 'The snapshot is missing.', more)
    : finding('snapshot_drift', 'The snapshot does not say what the log says.', more);
}
