import type { TaskEvent } from './event.ts';
import { readLog } from './testing.ts';

/** A recorded command and what it printed. */
export interface GoldenCommand {
  readonly args: readonly string[];
  readonly exit: number;
  readonly stdout: string;
}

/** The recorded board of the foreign program, for tests that can read files. */
export function goldenBoard(folder: {
  /** The text of a file, by its path below the recording. */
  read(path: string): string;
  /** The names in a folder. */
  list(path: string): readonly string[];
}) {
  const file = (...path: string[]) => folder.read(['.lattice', ...path].join('/'));
  const logs = (...path: string[]): { text: string; events: TaskEvent[] }[] =>
    folder
      .list(['.lattice', ...path].join('/'))
      .filter((name) => name.startsWith('task_'))
      .map((name) => {
        const text = file(...path, name);
        return { text, events: readLog(text) };
      });
  return {
    /** A file below `.lattice`. */
    file,
    /** The logs of the tasks in a folder below `.lattice`. */
    logs,
    /** All logs, active ones first. */
    allLogs: () => [...logs('events'), ...logs('archive', 'events')],
    /** The commands that made the board, in their order. */
    commands: (): GoldenCommand[] =>
      folder
        .read('transcript.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as GoldenCommand),
  };
}
