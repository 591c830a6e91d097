import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { loadStationConfig, saveSettings } from './station-config.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function fileWith(text: string): Promise<string> {
  const file = join(folder, `config-${count++}.yaml`);
  await writeFile(file, text);
  return file;
}

describe('loadStationConfig', () => {
  it('weighs flag over environment over file over default and tells the origin', async () => {
    const file = await fileWith(
      'lattice:\n  station_name: from-file\n  org: team\n  embedded:\n    port: 5000\n',
    );
    const env = { LATTICE_STATION_NAME: 'from-env', LATTICE_PORT: '6000' };
    const { values, origins } = await loadStationConfig({ file, env, flags: { port: '7000' } });
    expect(values).toMatchObject({ station_name: 'from-env', org: 'team', port: 7000, http_port: 8222 });
    expect(origins.port).toEqual({ origin: 'flag', source: 'port' });
    expect(origins.station_name).toEqual({ origin: 'environment', source: 'LATTICE_STATION_NAME' });
    expect(origins.org).toEqual({ origin: 'file', source: 'lattice.org' });
    expect(origins.http_port).toEqual({ origin: 'default', source: '' });
  });

  it('reads both key shapes and both variable families of the Station world', async () => {
    const file = await fileWith(
      'lattice_url: nats://hub:4222\nlattice:\n  orchestrator:\n    embedded_nats:\n      port: 4333\n      auth: { token: t0 }\n',
    );
    const { values } = await loadStationConfig({ file, env: { STN_LATTICE_NATS_CREDS_FILE: '/c.creds' } });
    expect(values).toMatchObject({
      nats_url: 'nats://hub:4222',
      port: 4333,
      hub_token: 't0',
      nats_creds_file: '/c.creds',
    });
  });

  it('reads who may run what, and takes nothing that does not fit', async () => {
    const file = await fileWith(
      'lattice:\n  runs:\n    allow: ask\n    people: [anna]\n    agents: {deploy: owner}\n',
    );
    const { values } = await loadStationConfig({ file, env: { LATTICE_RUNS_PEOPLE: 'bob, forge ,' } });
    expect(values).toMatchObject({
      runs_allow: 'ask',
      runs_people: ['bob', 'forge'],
      runs_agents: { deploy: 'owner' },
    });
    const none = await loadStationConfig({ file: join(folder, 'none.yaml'), env: {} });
    expect(none.values).toMatchObject({ runs_allow: 'everyone', runs_people: [], runs_agents: {} });
    for (const rubbish of [
      'allow: nobody',
      'people: {a: 1}',
      'people: [1]',
      'agents: [a]',
      'agents: {a: maybe}',
      'agents: {"a b": ask}',
    ])
      await expect(
        loadStationConfig({ file: await fileWith(`lattice:\n  runs:\n    ${rubbish}\n`), env: {} }),
      ).rejects.toThrow('does not fit');
    await saveSettings(file, { runs_people: [], runs_agents: { build: 'named' } });
    const saved = await loadStationConfig({ file, env: {} });
    expect(saved.values).toMatchObject({ runs_people: [], runs_agents: { build: 'named' } });
  });

  it('prefers a LATTICE_ variable over its STN_LATTICE_ twin', async () => {
    const env = { LATTICE_NATS_URL: 'nats://ours:1', STN_LATTICE_NATS_URL: 'nats://theirs:1' };
    const { values } = await loadStationConfig({ file: join(folder, 'none.yaml'), env });
    expect(values.nats_url).toBe('nats://ours:1');
  });

  it.each([
    ['eighty', 'port'],
    ['80a', 'port'],
    ['70000', 'port'],
    ['-1', 'port'],
    ['', 'station_name'],
    ['a.b', 'org'],
    ['0', 'max_parallel'],
  ])('refuses %j for %s with what fits', async (value, name) => {
    const load = loadStationConfig({ file: join(folder, 'none.yaml'), env: {}, flags: { [name]: value } });
    await expect(load).rejects.toThrow(LatticeError);
    await expect(load).rejects.toMatchObject({ code: 'invalid_input', hint: expect.stringMatching(/\w/) });
  });

  it('names file, line and column of a syntax error', async () => {
    const file = await fileWith('lattice:\n  org: [team\n');
    await expect(loadStationConfig({ file, env: {} })).rejects.toThrow(`${file}:3:1`);
  });

  it('does not repeat a secret that does not fit', async () => {
    const file = await fileWith('lattice:\n  nats:\n    auth:\n      password: [hunter2]\n');
    const error = await loadStationConfig({ file, env: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LatticeError);
    expect(JSON.stringify((error as LatticeError).toShape())).not.toContain('hunter2');
  });

  it('never fails with anything but a clear error on random files', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
        const file = await fileWith(text);
        await loadStationConfig({ file, env: {} }).catch((error: unknown) =>
          expect(error).toBeInstanceOf(LatticeError),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('saveSettings', () => {
  it('changes only the values it was given, in the shape the file already uses, for the owner alone', async () => {
    const text = [
      '# our station',
      'lattice:',
      '  station_name: forge # the big one',
      '  orchestrator:',
      '    embedded_nats:',
      '      port: 4222',
      'unknown: { kept: true }',
      '',
    ].join('\n');
    const file = await fileWith(text);
    await saveSettings(file, { station_name: 'anvil', port: 4333 });
    expect(await readFile(file, 'utf8')).toBe(text.replace('forge', 'anvil').replace('4222', '4333'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each(['', '# only a comment\n', 'lattice:\n', 'window: { density: comfortable }\n'])(
    'starts from %j',
    async (text) => {
      const file = await fileWith(text);
      await saveSettings(file, { theme: 'dark', http_port: 9000 });
      const { values } = await loadStationConfig({ file, env: {} });
      expect(values).toMatchObject({ theme: 'dark', http_port: 9000 });
    },
  );

  it.each(['just words\n', 'lattice: 3\n', '[1, 2]\n'])('refuses to write over %j', async (text) => {
    const file = await fileWith(text);
    await expect(saveSettings(file, { http_port: 9000 })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});
