import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identify } from '../system/process-identity.ts';
import { TurnLock } from './turn-lock.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-lock-'));
  file = join(folder, 'deep', 'state.json.lock');
});
afterEach(() => rm(folder, { recursive: true }));

/** Takes turns and counts how many hold the lock at the same time. */
async function takeTurns(lanes: number, turns: number): Promise<number> {
  let holding = 0;
  let most = 0;
  const lane = async () => {
    const lock = new TurnLock(file, 10_000);
    for (let turn = 0; turn < turns; turn++) {
      const held = await lock.take();
      most = Math.max(most, ++holding);
      await nextTurn();
      holding--;
      held[Symbol.dispose]();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return most;
}

async function deadHolder(): Promise<string> {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)']);
  const started = (await identify(child.pid ?? 0))?.start_time;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return JSON.stringify({ pid: child.pid, started, turn: 'dead' });
}

test('one holds it at a time, and nothing is left behind', async () => {
  expect(await takeTurns(6, 12)).toBe(1);
  expect(await readdir(join(folder, 'deep'))).toEqual([]);
});

describe('a lock that is left behind', () => {
  test.each([
    ['by a process that was killed', deadHolder],
    [
      'by a process whose id another one has now',
      async () => JSON.stringify({ pid: process.pid, started: 'before', turn: 'x' }),
    ],
    ['by nobody who can be read', async () => 'rubbish'],
  ])('%s is broken by one of those who wait', async (_by, holder) => {
    const lock = new TurnLock(file, 10_000);
    (await lock.take())[Symbol.dispose]();
    await writeFile(file, await holder());
    expect(await takeTurns(6, 3)).toBe(1);
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
  });

  test('is broken also when the one who broke it was killed half-way', async () => {
    const lock = new TurnLock(file, 10_000);
    (await lock.take())[Symbol.dispose]();
    const dead = await deadHolder();
    await writeFile(file, dead);
    const permit = `${file}.break-${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`;
    await writeFile(permit, await deadHolder());
    expect(await takeTurns(4, 2)).toBe(1);
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
  });
});

test('a living holder is waited for and then named', async () => {
  const held = await new TurnLock(file, 10_000).take();
  await expect(new TurnLock(file, 120).take()).rejects.toMatchObject({
    code: 'busy',
    message: `The routing state is held by another process (pid ${process.pid}).`,
  });
  held[Symbol.dispose]();
});
