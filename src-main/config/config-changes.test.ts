import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configChanges } from './config-changes.ts';
import { readLatticeFiles } from './lattice-config-files.ts';

const FILE = `agents:
  coder: { path: coder.md }
  reviewer: { path: reviewer.md }
`;

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lattice-changes-'));
});
afterEach(() => rm(dir, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(dir, name), text);
const read = () => readLatticeFiles({ projectDir: dir });

it('names the file and the agents that say something else', async () => {
  await write('lattice.yaml', FILE);
  const before = await read();
  await write('lattice.yaml', FILE.replace('coder.md', 'other.md').replace('reviewer:', 'critic:'));
  expect(configChanges(before, await read())).toEqual([
    { scope: 'project', file: 'lattice.yaml', agents: ['coder', 'critic', 'reviewer'] },
  ]);
});

it('tells a file that changed without an agent, and the one of this machine', async () => {
  await write('lattice.yaml', FILE);
  const before = await read();
  await write('lattice.yaml', `# Ours.\n${FILE}`);
  await write('lattice.local.yaml', 'agents: { coder: { daily_calls: 5 } }\n');
  const changes = configChanges(before, await read());
  expect(changes.map(({ scope }) => scope)).toEqual(['project', 'local']);
  expect(changes[0]?.agents).toEqual(['coder']);
});

it('says nothing about what stayed or cannot be read', async () => {
  await write('lattice.yaml', FILE);
  const before = await read();
  expect(configChanges(before, await read())).toEqual([]);
  await write('lattice.yaml', 'agents: [');
  expect(configChanges(before, await read())).toEqual([]);
});
