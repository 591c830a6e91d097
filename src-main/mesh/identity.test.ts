import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadIdentity, renameStation } from './identity.ts';
import { failure } from './test-station.ts';

let dataDir = '';
const file = () => join(dataDir, 'station.json');

beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'lattice-identity-')), 'data');
});
afterEach(() => rm(join(dataDir, '..'), { recursive: true, force: true }));

it('makes an id once and keeps it, whatever name is asked for later', async () => {
  const first = await loadIdentity({ dataDir, name: 'forge' });
  expect(first.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(await loadIdentity({ dataDir, name: 'other' })).toEqual({ id: first.id, name: 'forge' });
  expect(await readdir(dataDir)).toEqual(['station.json']);
});

it('agrees with itself when two processes start at once', async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => loadIdentity({ dataDir, name: 'forge' })));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(await readdir(dataDir)).toEqual(['station.json']);
});

it('changes the name and keeps what it does not know', async () => {
  const { id } = await loadIdentity({ dataDir, name: 'forge' });
  await writeFile(file(), JSON.stringify({ ...JSON.parse(await readFile(file(), 'utf8')), colour: 'red' }));
  expect(await renameStation(dataDir, 'anvil')).toEqual({ id, name: 'anvil' });
  expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({
    station_id: id,
    name: 'anvil',
    colour: 'red',
  });
  for (const name of ['', 'x'.repeat(201)])
    expect((await failure(renameStation(dataDir, name))).code).toBe('invalid_input');
});

it.each(['', '{', 'null', '{"station_id":"a.b","name":"x","created_at":"2026-01-01T00:00:00Z"}', '\0\0\0'])(
  'sets a damaged file aside and says so: %j',
  async (content) => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(file(), content);
    const made = await loadIdentity({ dataDir, name: 'forge' });
    expect(made.notice).toContain('was damaged and is kept as');
    const aside = (await readdir(dataDir)).find((name) => name.startsWith('station.json.corrupt-'));
    expect(await readFile(join(dataDir, aside ?? ''), 'utf8')).toBe(content);
    expect(await loadIdentity({ dataDir, name: 'forge' })).toEqual({ id: made.id, name: 'forge' });
  },
);

it('says which file cannot be used', async () => {
  await writeFile(join(dataDir, '..', 'plain'), '');
  const error = await failure(loadIdentity({ dataDir: join(dataDir, '..', 'plain'), name: 'forge' }));
  expect(error).toMatchObject({ code: 'io_failed' });
  expect(error.message).toContain(join('plain', 'station.json'));
});
