import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolvePaths } from '../config/paths.ts';
import { loadStationConfig } from '../config/station-config.ts';
import { initProject } from '../config/template.ts';
import { LatticeNode } from '../lattice-node.ts';
import { collectDiagnostics, type DiagnosticsFile } from './collect.ts';
import { Diagnostics, diagnosticsName } from './diagnostics.ts';

const seed = new TextDecoder().decode(createUser().getSeed());
const TOKEN = 'hub token "42" of anna';
const TASK = 'Write the secret plan of the picnic';
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-diagnostics-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function sources(status: unknown = {}) {
  const paths = resolvePaths({ LATTICE_HOME: folder });
  const settings = await loadStationConfig({
    file: paths.configFile,
    env: { LATTICE_AUTH_TOKEN: TOKEN, LATTICE_NATS_URL: 'nats://anna:hunter2@hub:4222' },
    flags: { port: 0, http_port: 0 },
  });
  const secrets = { kept: 'files' as const };
  return { paths, settings, secrets, status, env: process.env };
}

const textOf = (files: DiagnosticsFile[], name: string) =>
  files.find((file) => file.name === name)?.text ?? '';

describe('diagnostics', () => {
  it('of a hub that works hold names and figures, and neither secrets nor tasks', {
    timeout: 40_000,
  }, async () => {
    const given = await sources();
    const node = await LatticeNode.create({
      paths: given.paths,
      config: given.settings.values,
      projectDir: (await initProject(join(folder, 'project'))).projectDir,
    });
    try {
      await node.catalog.ready;
      await node.host();
      const order = { agent: 'counter', task: TASK, context: { to: 1, delay_ms: 1 }, requested_by: 'anna' };
      const { id } = await node.work.dispatcher.assign(order);
      await vi.waitFor(
        () => expect(node.works.snapshot().find((work) => work.id === id)?.status).toBe('completed'),
        { timeout: 15_000, interval: 20 },
      );
      const files = await collectDiagnostics({ ...given, status: node.view.value });
      expect(JSON.parse(textOf(files, 'about.json'))).toMatchObject({
        nats_server: expect.stringMatching(/^2\./),
      });
      expect(Object.values(JSON.parse(textOf(files, 'streams.json')))[0]).toContainEqual(
        expect.objectContaining({ name: 'LATTICE_default_EVENTS', messages: expect.any(Number) }),
      );
      expect(textOf(files, 'hub/hub.conf')).toContain('token: "[redacted]"');
      expect(textOf(files, 'logs/hub.log')).toContain('Server is ready');
      const all = files.map(({ text }) => text).join('\n');
      for (const gone of [TOKEN, JSON.stringify(TOKEN).slice(1, -1), 'hunter2', TASK])
        expect(all).not.toContain(gone);
    } finally {
      await node[Symbol.asyncDispose]();
    }
  });

  it('take the ends of logs, the newest first, and redact them', async () => {
    const given = await sources();
    await mkdir(given.paths.logDir, { recursive: true });
    const station = join(given.paths.dataDir, 'stations/one');
    await mkdir(station, { recursive: true });
    await writeFile(join(station, 'device.nk'), 'not a seed but secret');
    await writeFile(join(station, 'hub.log'), 'it said: not a seed but secret\n');
    await writeFile(
      join(given.paths.logDir, 'hub.log'),
      `begin\n${`${'x'.repeat(99)}\n`.repeat(30_000)}${seed}\nend\n`,
    );
    await writeFile(join(given.paths.logDir, 'notes.txt'), 'not a log');
    const files = await collectDiagnostics(given);
    const logs = files.filter(({ name }) => name.startsWith('logs/'));
    expect(logs.map(({ name }) => name).sort()).toEqual(['logs/2-hub.log', 'logs/hub.log']);
    const all = logs.map(({ text }) => text).join('');
    expect(all).toContain('[redacted]\nend\n');
    expect(all).toContain('it said: [redacted]');
    expect(all).not.toContain('begin');
    expect(all).not.toContain(seed);
  });

  it('say of settings what is set and where it came from', async () => {
    const settings = JSON.parse(textOf(await collectDiagnostics(await sources()), 'settings.json'));
    expect(settings).toContainEqual({
      name: 'hub_token',
      value: '(set)',
      origin: 'environment',
      source: 'LATTICE_AUTH_TOKEN',
    });
    expect(settings).toContainEqual(
      expect.objectContaining({ name: 'nats_url', value: 'nats://[redacted]@hub:4222' }),
    );
  });
});

describe('what is written', () => {
  it('is what was shown, with a list of it', async () => {
    let said = 'first';
    const diagnostics = new Diagnostics(async () => [{ name: 'a.txt', what: 'A text.', text: said }]);
    expect(() => diagnostics.zip).toThrow('No diagnostics');
    const list = await diagnostics.collect();
    said = 'second';
    const files = unzipSync(diagnostics.zip);
    expect(list.files).toEqual([
      { name: 'contents.txt', what: 'This list.', bytes: files['contents.txt']?.length },
      { name: 'a.txt', what: 'A text.', bytes: 5 },
    ]);
    expect(list.bytes).toBe(diagnostics.zip.length);
    expect(strFromU8(files['a.txt'] ?? new Uint8Array())).toBe('first');
    expect(strFromU8(files['contents.txt'] ?? new Uint8Array())).toContain('a.txt\n    A text.');
  });

  it('is named by its time', () => {
    expect(diagnosticsName(new Date('2026-11-21T10:04:05Z'))).toBe(
      'lattice-diagnostics-2026-11-21-10-04.zip',
    );
  });
});
