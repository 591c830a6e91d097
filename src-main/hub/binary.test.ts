import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findNatsServer, PINNED_VERSION } from './binary.ts';
import { atLeast, featuresOff } from './features.ts';
import { HubFixture, testBinaries } from './hub-fixture.ts';

const [server = ''] = testBinaries();

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.create();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

async function install(...path: string[]): Promise<string> {
  const folder = join(fixture.folder, ...path);
  await mkdir(folder, { recursive: true });
  await symlink(server, join(folder, 'nats-server'));
  return join(folder, 'nats-server');
}

describe('the nats-server', () => {
  test.each(testBinaries())('at %s says its version', async (path) => {
    const found = await findNatsServer({ explicit: path, env: {} });
    expect(found.path).toBe(path);
    expect(found.version).toMatch(/^2\.\d+\.\d+$/);
  });

  test('comes from the bundle, then the cache, then the PATH', async () => {
    const onPath = await install('usr', 'bin');
    const env = {
      PATH: join(fixture.folder, 'usr', 'bin'),
      LATTICE_RUNTIME_DIR: join(fixture.folder, 'cache'),
    };
    const resourcesDir = join(fixture.folder, 'resources');
    const search = { env, resourcesDir };
    expect((await findNatsServer(search)).path).toBe(onPath);
    const cached = await install('cache', `nats-server-v${PINNED_VERSION}`);
    expect((await findNatsServer(search)).path).toBe(cached);
    const bundled = await install('resources', 'bin', `${process.platform}-${process.arch}`);
    expect((await findNatsServer(search)).path).toBe(bundled);
    expect((await findNatsServer({ ...search, env: { ...env, LATTICE_NATS_SERVER: onPath } })).path).toBe(
      onPath,
    );
  });

  test('is asked for by name when there is none, with everything that was tried', async () => {
    const plain = join(fixture.folder, 'plain');
    await mkdir(plain);
    await writeFile(join(plain, 'nats-server'), 'not a program');
    const other = join(fixture.folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'nats-server'), '#!/bin/sh\necho something else\n');
    await chmod(join(other, 'nats-server'), 0o755);
    const search = findNatsServer({ env: { HOME: fixture.folder, PATH: `${plain}:${other}` } });
    await expect(search).rejects.toMatchObject({
      code: 'hub_failed',
      hint: expect.stringContaining('npm run provision'),
      message: expect.stringMatching(/cache .*not there; PATH .*not executable; PATH .*does not say/),
    });
  });

  test('of a chosen path is not replaced by another one', async () => {
    const missing = join(fixture.folder, 'missing');
    await expect(findNatsServer({ explicit: missing, env: process.env })).rejects.toMatchObject({
      message: `No nats-server was found. Tried the chosen path (${missing}): not there.`,
    });
    await expect(findNatsServer({ explicit: fixture.folder, env: {} })).rejects.toThrow('is not a file');
  });
});

test('an old server has features off, the pinned one has none off', () => {
  expect(featuresOff(PINNED_VERSION)).toEqual([]);
  expect(featuresOff('2.12.0')).toHaveLength(1);
  expect(featuresOff('2.9.10').join(' ')).toContain('expire');
  expect(featuresOff('rubbish')).toEqual(featuresOff('2.9.10'));
  expect(atLeast('3.0.1', 2, 14)).toBe(true);
});
