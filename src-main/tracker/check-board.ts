import { statSync } from 'node:fs';
import { join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { sortLifecycle, type TaskEvent } from '../../src-shared/tracker/event.ts';
import { findCycles, relationGraph } from '../../src-shared/tracker/graph.ts';
import { type IdsIndex, shortIdOf } from '../../src-shared/tracker/ids-index.ts';
import { isJsonObject } from '../../src-shared/tracker/json.ts';
import { readBoardFile } from './board-file.ts';
import { listNames } from './board-index.ts';
import type { BoardPaths } from './board-paths.ts';
import { type BoardFinding, finding } from './finding.ts';
import { readLogText } from './log-text.ts';
import { readIds } from './short-ids.ts';
import type { TaskLog } from './task-log.ts';

/** How old a left-over temporary file is before it is nobody's any more, in milliseconds. */
const LEFTOVER_MS = 60 * 60_000;

/** Whether the lifecycle log mirrors exactly what the logs say. */
export function checkLifecycle(paths: BoardPaths, logs: readonly TaskLog[]): BoardFinding[] {
  const text = readLogText(readBoardFile(paths.lifecycle) ?? new Uint8Array());
  const mirrored = new Set(
    text.lines.map(({ value }) => (isJsonObject(value) && typeof value.id === 'string' ? value.id : '')),
  );
  const real = sortLifecycle(logs.flatMap((log) => log.events));
  const missing = real.filter((event) => !mirrored.has(event.id));
  const known = new Set(real.map((event) => event.id));
  const extra = [...mirrored].filter((id) => !known.has(id)).length + text.lines.length - mirrored.size;
  return [
    ...text.torn.map((line) =>
      finding('lifecycle_torn', `Line ${line.number} of the lifecycle log is torn.`, { fixable: true }),
    ),
    ...missing.map((event) =>
      finding('lifecycle_missing', `The lifecycle log lacks ${event.type} (${event.id}).`, {
        task: event.task_id,
        fixable: true,
      }),
    ),
    ...(extra > 0
      ? [
          finding('lifecycle_extra', `The lifecycle log has ${extra} lines that no task's log has.`, {
            fixable: true,
          }),
        ]
      : []),
  ];
}

/** Whether `ids.json` names the tasks as their logs do, and no two tasks have one short id. */
export function checkIds(
  paths: BoardPaths,
  logs: readonly TaskLog[],
  prefix: string | undefined,
): BoardFinding[] {
  const owners = new Map<string, string[]>();
  for (const log of logs) {
    const shortId = log.replay.task?.short_id;
    if (shortId !== undefined) owners.set(shortId, [...(owners.get(shortId) ?? []), log.id]);
  }
  const duplicates = [...owners]
    .filter(([, tasks]) => tasks.length > 1)
    .map(([shortId, tasks]) =>
      finding(
        'duplicate_short_id',
        `${shortId} is the short id of ${tasks.join(' and ')}. Run lattice board backfill-ids.`,
        { task: tasks.at(-1) ?? '' },
      ),
    );
  return [...duplicates, ...checkIndex(paths, owners, logs, prefix)];
}

function checkIndex(
  paths: BoardPaths,
  owners: ReadonlyMap<string, readonly string[]>,
  logs: readonly TaskLog[],
  prefix: string | undefined,
): BoardFinding[] {
  let index: IdsIndex | undefined;
  try {
    index = readIds(paths, prefix);
  } catch (error) {
    return [finding('ids_damaged', LatticeError.from(error).message, { fixable: true })];
  }
  if (index === undefined)
    return owners.size === 0
      ? []
      : [finding('ids_missing', 'The index of short ids (ids.json) is missing.', { fixable: true })];
  const { map, next_seqs } = index;
  const wrong = [...owners].filter(([shortId, tasks]) => !tasks.includes(map[shortId] ?? ''));
  const known = new Set(logs.map((log) => log.id));
  const astray = Object.entries(map).filter(([, task]) => !known.has(task));
  const highest = new Map<string, number>();
  for (const short of logs.flatMap((log) => log.events).flatMap((event: TaskEvent) => shortIdOf(event) ?? []))
    highest.set(short.prefix, Math.max(highest.get(short.prefix) ?? 0, short.seq));
  return [
    ...wrong.map(([shortId, tasks]) =>
      finding('ids_wrong', `ids.json does not say that ${shortId} is ${tasks[0]}.`, {
        task: tasks[0] ?? '',
        fixable: true,
      }),
    ),
    ...astray.map(([shortId, task]) =>
      finding('ids_astray', `ids.json gives ${shortId} to ${task}, which has no log.`, {
        level: 'warning',
        fixable: true,
      }),
    ),
    ...[...highest]
      .filter(([code, seq]) => (next_seqs[code] ?? 1) <= seq)
      .map(([code, seq]) =>
        finding(
          'ids_behind',
          `ids.json would give ${code}-${next_seqs[code] ?? 1} out again; ${seq} is taken.`,
          {
            fixable: true,
          },
        ),
      ),
  ];
}

/** Relations that run in a circle, so that nothing in it can ever be first. */
export function checkCircles(logs: readonly TaskLog[]): BoardFinding[] {
  const graph = relationGraph(logs.flatMap((log) => log.replay.task ?? []));
  const label = (id: string) => graph.nodes.get(id)?.short_id ?? id;
  return findCycles(graph)
    .filter(({ tasks }) => tasks.length > 1)
    .map(({ kind, tasks }) =>
      finding('circle', `These tasks stand in a circle (${kind}): ${tasks.map(label).join(', ')}.`, {
        task: tasks[0] ?? '',
        level: 'warning',
      }),
    );
}

/** Whether relations lead to tasks that are there, and artifacts are there. */
export function checkReferences(paths: BoardPaths, logs: readonly TaskLog[]): BoardFinding[] {
  const known = new Set(logs.map((log) => log.id));
  return logs.flatMap((log) => {
    const { task } = log.replay;
    if (!task) return [];
    const seen = new Set<string>();
    const relations = task.relationships_out.flatMap(({ type, target_task_id: target }) => {
      const key = `${type} ${target}`;
      const again = seen.has(key);
      seen.add(key);
      if (target === log.id) return [finding('self_link', `The task ${type} itself.`, { task: log.id })];
      if (again) return [finding('duplicate_link', `The relation ${key} is there twice.`, { task: log.id })];
      return known.has(target)
        ? []
        : [
            finding('missing_target', `The relation ${type} leads to ${target}, which is not there.`, {
              task: log.id,
            }),
          ];
    });
    const artifacts = task.evidence_refs
      .filter((ref) => ref.source_type === 'artifact')
      .flatMap((ref) => checkArtifact(paths, log.id, ref.id));
    return [...relations, ...artifacts];
  });
}

function checkArtifact(paths: BoardPaths, task: string, id: string): BoardFinding[] {
  try {
    const meta = readBoardFile(paths.artifactMeta(id));
    if (meta === undefined)
      return [finding('missing_artifact', `The artifact ${id} is not there.`, { task })];
    JSON.parse(meta.toString('utf8'));
    return [];
  } catch {
    return [finding('artifact_damaged', `The artifact ${id} cannot be read.`, { task })];
  }
}

/** Snapshots without a log and temporary files that nobody will finish. */
export function checkLeftovers(paths: BoardPaths, ids: ReadonlySet<string>, now: number): BoardFinding[] {
  const orphans = [false, true].flatMap((archived) =>
    listNames(paths.tasks(archived))
      .filter((name) => name.endsWith('.json') && !ids.has(name.slice(0, -'.json'.length)))
      .map((name) =>
        finding('snapshot_without_log', `The snapshot ${name} has no log, so its history is lost.`, {
          task: name.slice(0, -'.json'.length),
        }),
      ),
  );
  return [
    ...orphans,
    ...leftovers(paths, now).map((path) =>
      finding('leftover', `${path} was left by a write that did not finish.`, {
        level: 'warning',
        fixable: true,
      }),
    ),
  ];
}

/** Temporary files that no writer is at any more. */
export function leftovers(paths: BoardPaths, now: number): string[] {
  const folders = ['.', 'tasks', 'events', 'plans', 'notes', 'archive/tasks', 'archive/events', 'sessions'];
  return folders.flatMap((folder) =>
    listNames(join(paths.folder, folder))
      .filter((name) => name.startsWith('.tmp.'))
      .map((name) => join(paths.folder, folder, name))
      .filter((path) => now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > LEFTOVER_MS),
  );
}
