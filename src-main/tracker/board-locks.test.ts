import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { BoardLocks } from './board-locks.ts';
import { tryLockFile } from './file-lock.ts';
import { tempFolder } from './testing/temp-board.ts';

type Holder = ChildProcessByStdio<Writable, Readable, null>;

const PYTHON = `import fcntl, os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(fd, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()`;

/** Another program that holds the lock until its input ends: Python as the tracker is, or the system's own `flock`. */
async function holdElsewhere(file: string): Promise<Holder> {
  const python = spawnSync('python3', ['-c', 'import fcntl']).status === 0;
  const [command, args] = python
    ? ['python3', ['-c', PYTHON, file]]
    : ['flock', [file, 'sh', '-c', 'echo held; read line']];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('excludes another program and is excluded by it', async () => {
  const folder = await tempFolder();
  const file = join(folder, 'ids_json.lock');
  const holder = await holdElsewhere(file);
  expect(tryLockFile(file, 'exclusive')).toBeUndefined();
  expect(tryLockFile(file, 'shared')).toBeUndefined();
  const impatient = new BoardLocks({ folder, timeoutMs: 50 });
  await expect(impatient.with(['ids_json'], async () => 1)).rejects.toMatchObject({ code: 'busy' });

  let entered = false;
  const waiting = new BoardLocks({ folder }).with(['ids_json'], async () => {
    entered = true;
    const check = spawnSync('flock', ['-n', file, 'true']);
    if (!check.error) expect(check.status).toBe(1);
  });
  expect(entered).toBe(false);
  holder.stdin.end('go\n');
  await waiting;
  expect(entered).toBe(true);
});

test('is free at once when the holder is killed', async () => {
  const file = join(await tempFolder(), 'a.lock');
  const holder = await holdElsewhere(file);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const unlock = tryLockFile(file, 'exclusive');
  expect(unlock).toBeDefined();
  unlock?.();
});

test('does not take a lock file that was replaced for the one of the name', async () => {
  const file = join(await tempFolder(), 'a.lock');
  const first = tryLockFile(file, 'exclusive');
  await unlink(file);
  const second = tryLockFile(file, 'exclusive');
  expect(second).toBeDefined();
  expect(tryLockFile(file, 'exclusive')).toBeUndefined();
  first?.();
  expect(tryLockFile(file, 'exclusive')).toBeUndefined();
  second?.();
});

test('lets one in at a time, in this process as well, whatever order the keys are asked in', async () => {
  const folder = join(await tempFolder(), 'locks');
  const one = new BoardLocks({ folder });
  const other = new BoardLocks({ folder });
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      (index % 2 ? one : other).with(index % 3 ? ['a', 'b'] : ['b', 'a', 'a'], work),
    ),
  );
  expect(most).toBe(1);
});

test('keeps whole-board work and task writes apart', async () => {
  const folder = await tempFolder();
  const locks = new BoardLocks({ folder });
  const seen: string[] = [];
  let finish: () => void = () => undefined;
  const blocker = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const write = locks.with(['events_a'], async () => {
    await blocker;
    seen.push('write');
  });
  const beside = locks.with(['events_b'], async () => void seen.push('beside'));
  await beside;
  const whole = locks.withWholeBoard([], async () => void seen.push('whole'));
  finish();
  await Promise.all([write, whole]);
  expect(seen).toEqual(['beside', 'write', 'whole']);
});

test('gives the locks free when the work fails', async () => {
  const locks = new BoardLocks({ folder: await tempFolder() });
  await expect(locks.with(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await locks.with(['a'], async () => 7)).toBe(7);
});

test('refuses a lock that is a link', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'target'), '');
  await symlink(join(folder, 'target'), join(folder, 'a.lock'));
  const locks = new BoardLocks({ folder });
  await expect(locks.with(['a'], async () => 1)).rejects.toMatchObject({ code: 'unsafe' });
});
