import { readdirSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import { LiveMap, type LiveSource } from '../../src-shared/live.ts';
import { isId } from '../../src-shared/tracker/ids.ts';
import type { TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import type { BoardPaths } from './board-paths.ts';
import { readTaskLog, type TaskLog } from './task-log.ts';

/** A task as the index keeps it: replaced, never changed. */
export interface BoardEntry {
  readonly id: string;
  readonly task: TaskSnapshot;
  readonly archived: boolean;
  /** How many events the log has. */
  readonly events: number;
  /** Why the log is not whole, in one sentence; absent when it is. */
  readonly damage?: string;
}

/** How many logs are read before others get their turn. */
const BATCH = 200;

/** Every task of a board by replay of its log, kept in step with the files. */
export class BoardIndex {
  readonly #paths: BoardPaths;
  readonly #entries = new LiveMap<BoardEntry>((entry) => entry.id);
  /** Where logs lie; ids that get here have been checked. */
  readonly #folders: readonly string[];
  readonly #stamps = new Map<string, string>();
  /** Logs from which no task can be made, by task id. */
  readonly #broken = new Map<string, LatticeError>();

  constructor(paths: BoardPaths) {
    this.#paths = paths;
    this.#folders = [paths.events(), paths.events(true)];
  }

  /** The tasks, the archived ones too, and how they change. */
  get entries(): LiveSource<BoardEntry> & { get(id: string): BoardEntry | undefined } {
    return this.#entries;
  }

  /** Logs from which no task can be made, with the reason. */
  get broken(): ReadonlyMap<string, LatticeError> {
    return this.#broken;
  }

  /** Reads all logs that changed since they were last read. */
  async refreshAll(): Promise<void> {
    const ids = listLogs(this.#paths);
    const known = [...this.#stamps.keys()];
    const found = [...ids].filter((id) => this.#stamps.get(id) !== this.#stamp(id));
    for (let at = 0; at < found.length; at += BATCH) {
      if (at > 0) await breathe();
      this.refresh(found.slice(at, at + BATCH));
    }
    this.refresh(known.filter((id) => !ids.has(id)));
  }

  /** Reads the logs of these tasks if they changed, and tells of all of them as one change. */
  refresh(ids: readonly string[]): void {
    const upserts: BoardEntry[] = [];
    const removes: string[] = [];
    for (const id of ids) {
      const stamp = this.#stamp(id);
      if (stamp !== undefined && this.#stamps.get(id) === stamp) continue;
      this.#broken.delete(id);
      if (stamp === undefined) this.#stamps.delete(id);
      else this.#stamps.set(id, stamp);
      const entry = stamp === undefined ? undefined : this.#read(id);
      if (entry) upserts.push(entry);
      else removes.push(id);
    }
    if (upserts.length > 0 || removes.length > 0) this.#entries.apply(upserts, removes);
  }

  #read(id: string): BoardEntry | undefined {
    try {
      const log = readTaskLog(this.#paths, id);
      const entry = log && entryOf(log);
      if (log && !entry)
        throw new LatticeError('invalid_input', `The log of ${id} does not say how the task began.`, {
          hint: 'Run lattice board doctor.',
        });
      return entry;
    } catch (error) {
      this.#broken.set(id, LatticeError.from(error));
      return undefined;
    }
  }

  /** Changes whenever the log does; undefined without a log. */
  #stamp(id: string): string | undefined {
    for (const folder of this.#folders) {
      const stamp = stampOf(`${folder}${sep}${id}.jsonl`);
      if (stamp !== undefined) return `${folder}:${stamp}`;
    }
    return undefined;
  }
}

/** What changes with a file; a file that cannot be looked at is there all the same, and reading it says why. */
function stampOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat && `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
  } catch {
    return 'hidden';
  }
}

/** The entry of a log; undefined when no task can be made of it. */
export function entryOf(log: TaskLog): BoardEntry | undefined {
  const { task, archived, problems } = log.replay;
  if (task === undefined) return undefined;
  const count = log.text.torn.length + log.misfits.length + problems.length;
  return {
    id: log.id,
    task,
    archived: log.inArchive || archived,
    events: log.events.length,
    ...(count > 0 && {
      damage: count === 1 ? 'One line of the log does not count.' : `${count} lines of the log do not count.`,
    }),
  };
}

/** The ids of all tasks that have a log, on the board or in its archive. */
export function listLogs(paths: BoardPaths): Set<string> {
  const ids = new Set<string>();
  for (const archived of [false, true]) {
    for (const name of listNames(paths.events(archived))) {
      const id = taskOfLog(name);
      if (id !== undefined) ids.add(id);
    }
  }
  return ids;
}

/** The task whose log has this file name. */
export function taskOfLog(name: string): string | undefined {
  if (!name.endsWith('.jsonl')) return undefined;
  const id = name.slice(0, -'.jsonl'.length);
  return isId(id, 'task') ? id : undefined;
}

/** The names in a folder, sorted; none when it is not there. */
export function listNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
