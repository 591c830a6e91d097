import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { routingConflictSchema } from '../../src-shared/views/routing.ts';
import { LatticeConfig } from '../config/lattice-config.ts';
import { FilesSource } from './files-source.ts';
import { lastCalls } from './history.ts';
import { digestOf, isWritable, saveLatticeFile } from './lattice-file.ts';
import { loadPriceTable } from './prices.ts';
import { StandSource } from './stand-source.ts';
import { StateStore } from './state-store.ts';
import { unitPrice } from './unit-prices.ts';
import { UsageLog } from './usage-log.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lattice-file-'));
  path = join(dir, 'lattice.yaml');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const onProblem = () => undefined;
const layer = () => ({ scope: 'project' as const, path });

describe('saveLatticeFile', () => {
  it('writes what was edited when the file is still what it was, also through a link', async () => {
    const real = join(dir, 'real.yaml');
    await writeFile(real, 'a: 1\n', { mode: 0o640 });
    await symlink(real, path);
    const digest = await saveLatticeFile(layer(), 'a: 2\n', digestOf('a: 1\n'));
    expect(digest).toBe(digestOf('a: 2\n'));
    expect(await readFile(real, 'utf8')).toBe('a: 2\n');
    expect((await stat(real)).mode & 0o777).toBe(0o640);
  });

  it('makes a file that is not there, and refuses when one came meanwhile', async () => {
    await saveLatticeFile(layer(), 'a: 1\n', '');
    await expect(saveLatticeFile(layer(), 'a: 2\n', '')).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(path, 'utf8')).toBe('a: 1\n');
  });

  it('tells what is on disk instead', async () => {
    await writeFile(path, 'theirs: 1\n');
    const error = LatticeError.from(
      await saveLatticeFile(layer(), 'mine: 1\n', digestOf('old: 1\n')).catch((thrown: unknown) => thrown),
    );
    expect(routingConflictSchema.parse(error.details)).toEqual({
      scope: 'project',
      text: 'theirs: 1\n',
      digest: digestOf('theirs: 1\n'),
    });
    await rm(path);
    await expect(saveLatticeFile(layer(), 'mine: 1\n', digestOf('old: 1\n'))).rejects.toMatchObject({
      code: 'conflict',
      details: { text: '', digest: '' },
    });
  });

  it('leaves a read-only file alone', async () => {
    await writeFile(path, 'a: 1\n', { mode: 0o444 });
    await expect(saveLatticeFile(layer(), 'a: 2\n', digestOf('a: 1\n'))).rejects.toThrow(
      'lattice.yaml is read-only.',
    );
    expect(await isWritable(path)).toBe(false);
    await chmod(path, 0o644);
    expect(await isWritable(path)).toBe(true);
  });
});

it('shows the files with what is wrong about them, and follows the disk', async () => {
  await writeFile(path, 'agents:\n  coder:\n    path: coder.md\n');
  const config = await LatticeConfig.open({ projectDir: dir, configDir: join(dir, 'own') });
  const source = new FilesSource(config);
  try {
    await source.attach(config);
    expect(source.live.value).toMatchObject({
      missing_prompts: { coder: 'agents/coder.md' },
      layers: [
        { scope: 'global', exists: false, digest: '', writable: true },
        { scope: 'project', name: 'lattice.yaml', exists: true, writable: true },
        { scope: 'local', exists: false },
      ],
    });
    await writeFile(join(dir, 'lattice.local.yaml'), 'agents: {}\n');
    await vi.waitFor(() => expect(source.live.value.layers[2]?.text).toBe('agents: {}\n'), 5_000);
  } finally {
    source[Symbol.dispose]();
    await config[Symbol.asyncDispose]();
  }
});

it('tells where routing stands, and again when a call ended', async () => {
  const usageDir = join(dir, 'usage');
  const usage = new UsageLog({ dir: usageDir, onProblem });
  const stateFile = join(dir, 'state.json');
  const store = new StateStore({ file: stateFile, onProblem });
  const entry = {
    id: '1',
    time: new Date().toISOString(),
    agent: 'coder',
    provider: 'openai',
    model: 'openai/gpt-4o',
    outcome: 'ok' as const,
    input_tokens: 10,
    output_tokens: 5,
    usd: 0.5,
  };
  await usage.append(entry);
  const source = new StandSource({ store, usage, files: [stateFile, usageDir] });
  const heard = vi.fn();
  const watching = source.on(heard);
  try {
    expect(source.snapshot()[0]?.figures.today.all).toMatchObject({ calls: 1, usd: 0.5 });
    await vi.waitFor(async () => {
      await usage.append({ ...entry, id: crypto.randomUUID() });
      expect(heard).toHaveBeenCalled();
    }, 5_000);
    expect(lastCalls(usage, 1, Date.now())).toHaveLength(1);
    expect(lastCalls(usage, 100, Date.now())[0]).toMatchObject({ id: '1' });
  } finally {
    watching[Symbol.dispose]();
    await source[Symbol.asyncDispose]();
  }
});

it('gives prices per million tokens, and none for what nobody sells', async () => {
  const table = await loadPriceTable();
  const price = unitPrice(table, 'openai/gpt-4o', Date.now());
  expect(price?.input).toBeGreaterThan(0);
  expect(price?.output).toBeGreaterThan(price?.input ?? 0);
  expect(price?.cache_read).toBeLessThan(price?.input ?? 0);
  expect(unitPrice(table, 'nobody/nothing', Date.now())).toBeUndefined();
});
