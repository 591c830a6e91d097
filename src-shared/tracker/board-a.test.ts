import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConfig, readConfig } from './config.ts';
import { isLifecycleEvent, sortLifecycle } from './event.ts';
import { goldenBoard } from './golden-board.ts';
import { deriveIdsIndex, readIdsIndex } from './ids-index.ts';
import { replayTask } from './replay.ts';
import { serialiseDocument, serialiseLine } from './serialise.ts';
import { checkStrictReplay } from './strict-replay.ts';

const ROOT = join(import.meta.dirname, '../../../shared/golden/tracker/board-a');

const golden = goldenBoard({
  read: (path) => readFileSync(join(ROOT, path), 'utf8'),
  list: (path) => readdirSync(join(ROOT, path)),
});

describe.runIf(existsSync(ROOT))('a board that the foreign program wrote', () => {
  it.each([
    { place: 'active', events: ['events'], tasks: ['tasks'], count: 4 },
    { place: 'archived', events: ['archive', 'events'], tasks: ['archive', 'tasks'], count: 1 },
  ])('replays its $place logs to the bytes of its snapshots', ({ place, events, tasks, count }) => {
    const found = golden.logs(...events);
    expect(found).toHaveLength(count);
    for (const log of found) {
      const { task, archived, problems } = replayTask(log.events);
      expect(problems).toEqual([]);
      expect(archived).toBe(place === 'archived');
      if (task === undefined) throw new Error('no task');
      expect(serialiseDocument(task)).toBe(golden.file(...tasks, `${task.id}.json`));
      expect(log.events.map(serialiseLine).join('')).toBe(log.text);
      expect(checkStrictReplay(task.id, log.events)).toEqual([]);
    }
  });

  it('gives the lifecycle log and the index of short ids', () => {
    const events = golden.allLogs().flatMap((log) => log.events);
    expect(sortLifecycle(events).map(serialiseLine).join('')).toBe(golden.file('events', '_lifecycle.jsonl'));
    expect(events.filter(isLifecycleEvent)).toHaveLength(6);
    expect(serialiseDocument(deriveIdsIndex(events))).toBe(golden.file('ids.json'));
    expect(serialiseDocument(readIdsIndex(golden.file('ids.json'), 'LAT'))).toBe(golden.file('ids.json'));
  });

  it('has the config that a new board gets', () => {
    const recorded = golden.file('config.json');
    expect(serialiseDocument(readConfig(recorded))).toBe(recorded);
    const { instance_id } = readConfig(recorded);
    const fresh = defaultConfig({
      instanceId: instance_id ?? '',
      defaultActor: 'human:ann',
      projectCode: 'LAT',
    });
    expect(serialiseDocument(fresh)).toBe(recorded);
  });
});
