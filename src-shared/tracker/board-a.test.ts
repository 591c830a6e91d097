import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLifecycleEvent, readTaskEvent, sortLifecycle, type TaskEvent } from './event.ts';
import { deriveIdsIndex, readIdsIndex } from './ids-index.ts';
import { parseJson } from './json.ts';
import { replayTask } from './replay.ts';
import { serialiseDocument, serialiseLine } from './serialise.ts';

const BOARD = join(import.meta.dirname, '../../../shared/golden/tracker/board-a/.lattice');

function read(...path: string[]): string {
  return readFileSync(join(BOARD, ...path), 'utf8');
}

function logs(...folder: string[]): { path: string[]; text: string; events: TaskEvent[] }[] {
  return readdirSync(join(BOARD, ...folder))
    .filter((name) => name.startsWith('task_'))
    .map((name) => {
      const text = read(...folder, name);
      const events = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const reading = readTaskEvent(parseJson(line));
          if (!reading.ok) throw new Error(reading.problem);
          return reading.event;
        });
      return { path: [...folder, name], text, events };
    });
}

describe.runIf(existsSync(BOARD))('a board that the foreign program wrote', () => {
  it.each([
    { place: 'active', events: ['events'], tasks: ['tasks'], count: 4 },
    { place: 'archived', events: ['archive', 'events'], tasks: ['archive', 'tasks'], count: 1 },
  ])('replays its $place logs to the bytes of its snapshots', ({ place, events, tasks, count }) => {
    const found = logs(...events);
    expect(found).toHaveLength(count);
    for (const log of found) {
      const { task, archived, problems } = replayTask(log.events);
      expect(problems).toEqual([]);
      expect(archived).toBe(place === 'archived');
      if (task === undefined) throw new Error('no task');
      expect(serialiseDocument(task)).toBe(read(...tasks, `${task.id}.json`));
      expect(log.events.map(serialiseLine).join('')).toBe(log.text);
    }
  });

  it('gives the lifecycle log and the index of short ids', () => {
    const events = [...logs('events'), ...logs('archive', 'events')].flatMap((log) => log.events);
    expect(sortLifecycle(events).map(serialiseLine).join('')).toBe(read('events', '_lifecycle.jsonl'));
    expect(events.filter(isLifecycleEvent)).toHaveLength(6);
    expect(serialiseDocument(deriveIdsIndex(events))).toBe(read('ids.json'));
    expect(serialiseDocument(readIdsIndex(read('ids.json'), 'LAT'))).toBe(read('ids.json'));
  });

  it('reads and writes its config without a changed byte', () => {
    expect(serialiseDocument(parseJson(read('config.json')) as object)).toBe(read('config.json'));
  });
});
