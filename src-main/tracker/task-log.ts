import { readTaskEvent, type TaskEvent } from '../../src-shared/tracker/event.ts';
import { type Replay, replayTask } from '../../src-shared/tracker/replay.ts';
import { readBoardFile } from './board-file.ts';
import type { BoardPaths } from './board-paths.ts';
import { type LogLine, type LogText, readLogText } from './log-text.ts';

/** A line that is JSON but does not belong into this log, or says nothing. */
export interface MisfitLine {
  readonly line: LogLine;
  readonly kind: 'no_event' | 'wrong_task' | 'duplicate';
  readonly message: string;
}

/** The log of one task as it stands on the disk, and what it comes to. */
export interface TaskLog {
  readonly id: string;
  /** Whether the file lies in the archive; the events may say otherwise after a crash. */
  readonly inArchive: boolean;
  readonly path: string;
  readonly text: LogText;
  /** The lines that count, in order. */
  readonly events: readonly TaskEvent[];
  readonly misfits: readonly MisfitLine[];
  readonly replay: Replay;
}

/**
 * Reads the log of a task from the board or its archive; `undefined` when there is none.
 * @throws LatticeError `unsafe`, `too_large`, `io_failed` when the file cannot be read.
 */
export function readTaskLog(paths: BoardPaths, id: string, inArchive?: boolean): TaskLog | undefined {
  for (const archived of inArchive === undefined ? [false, true] : [inArchive]) {
    const path = paths.log(id, archived);
    const bytes = readBoardFile(path);
    if (bytes !== undefined) return taskLogOf(id, path, archived, readLogText(bytes));
  }
  return undefined;
}

/** What a log's text comes to: rubbish is set apart, an event that is there twice counts once. */
export function taskLogOf(id: string, path: string, inArchive: boolean, text: LogText): TaskLog {
  const events: TaskEvent[] = [];
  const misfits: MisfitLine[] = [];
  const seen = new Set<string>();
  for (const line of text.lines) {
    const reading = readTaskEvent(line.value);
    if (!reading.ok) {
      misfits.push({ line, kind: 'no_event', message: reading.problem });
    } else if (reading.event.task_id !== id) {
      misfits.push({
        line,
        kind: 'wrong_task',
        message: `The event belongs to ${reading.event.task_id.slice(0, 80)}.`,
      });
    } else if (seen.has(reading.event.id)) {
      misfits.push({ line, kind: 'duplicate', message: `The event ${reading.event.id} is there twice.` });
    } else {
      seen.add(reading.event.id);
      events.push(reading.event);
    }
  }
  return { id, inArchive, path, text, events, misfits, replay: replayTask(events) };
}
