import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HubFixture } from '../hub/hub-fixture.ts';
import { FolderLock } from './folder-lock.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

const gone: ProcessIdentity = { pid: 4_000_000, start_time: 'another boot:1' };

let fixture: HubFixture;
let self: ProcessIdentity;
beforeEach(async () => {
  fixture = await HubFixture.create();
  self = (await identify(process.pid)) ?? gone;
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

test('holds a folder until it is released', async () => {
  const first = new FolderLock(fixture.folder, 'store', self);
  const second = new FolderLock(fixture.folder, 'store', self);
  await first.acquire(undefined);
  await expect(second.acquire(undefined)).rejects.toMatchObject({
    code: 'conflict',
    message: `The store folder ${fixture.folder} is used by lattice (pid ${process.pid}).`,
  });
  await second.release();
  await expect(second.acquire(undefined)).rejects.toMatchObject({ code: 'conflict' });
  await first.release();
  await second.acquire(undefined);
  await second.release();
  expect(await readdir(fixture.folder)).toEqual([]);
});

test('does not keep the runtime folder from a store in the same place', async () => {
  await new FolderLock(fixture.folder, 'store', self).acquire(undefined);
  await new FolderLock(fixture.folder, 'runtime', self).acquire(undefined);
});

test('takes over from the dead, but not while their hub lives', async () => {
  const dead = new FolderLock(fixture.folder, 'store', gone);
  await dead.acquire(undefined);
  await dead.assign(self);
  const next = new FolderLock(fixture.folder, 'store', self);
  await expect(next.acquire(undefined)).rejects.toMatchObject({
    code: 'conflict',
    details: { holder: 'nats-server', pid: process.pid },
  });
  await next.acquire(self);
  expect(await readdir(fixture.folder)).toHaveLength(2);
  await next.assign(self);
  expect(await readdir(fixture.folder)).toHaveLength(1);
  await expect(dead.assign(self)).rejects.toMatchObject({ code: 'conflict' });
});

test.each(['', 'rubbish', '{"held":1}', '[]'])('takes a lock that holds %j for stale', async (text) => {
  const name = 'lattice-store.00000000-0000-4000-8000-000000000000.lock';
  await writeFile(join(fixture.folder, name), text);
  await new FolderLock(fixture.folder, 'store', self).acquire(undefined);
  expect(await readdir(fixture.folder)).not.toContain(name);
});

test('gives a stale lock to exactly one of many who want it', async () => {
  for (let round = 0; round < 20; round += 1) {
    const folder = join(fixture.folder, String(round));
    await mkdir(folder);
    await new FolderLock(folder, 'store', gone).acquire(undefined);
    const locks = Array.from({ length: 8 }, () => new FolderLock(folder, 'store', self));
    const answers = await Promise.allSettled(locks.map((lock) => lock.acquire(undefined)));
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toHaveLength(1);
  }
});
