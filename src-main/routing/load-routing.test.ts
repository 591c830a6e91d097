import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadRouting } from './load-routing.ts';

let folder = '';
let project = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'lattice-load-')));
  project = join(folder, 'project');
  await mkdir(project);
});
afterEach(() => rm(folder, { recursive: true }));

describe('the routing of a project', () => {
  test('comes from the file of the user, the project and its local layer', async () => {
    const configDir = folder;
    const globalFile = join(configDir, 'lattice.yaml');
    await writeFile(globalFile, 'providers:\n  anthropic: { env: KEY }\n  ollama: { models: [a, b] }\n');
    await writeFile(
      join(project, 'lattice.yaml'),
      'defaults:\n  routing: [ollama/a]\nagents:\n  coder:\n    path: coder.md\n    triggers: [/code]\n    routing:\n      strategy: weighted\n      weights:\n        ollama/a: 75\n        anthropic/b: 25\n  other:\n    path: other.md\n',
    );
    await writeFile(join(project, 'lattice.local.yaml'), 'providers:\n  ollama:\n    models: [a]\n');
    const { routing: document, diagnostics } = await loadRouting({ folder: project, configDir });
    expect(diagnostics).toEqual([]);
    expect(document.providers.map(({ name, models }) => [name, models])).toEqual([
      ['anthropic', undefined],
      ['ollama', ['a']],
    ]);
    expect(document.agents.map(({ name, plan }) => [name, plan.strategy])).toEqual([
      ['coder', 'weighted'],
      ['other', 'fallback'],
    ]);
  });

  test('leaves a part with a mistake out and points at it', async () => {
    await writeFile(
      join(project, 'lattice.yaml'),
      'agents:\n  good:\n    path: g.md\n    routing: [ollama/a]\n  bad:\n    path: b.md\n    routing: { strategy: magic }\n',
    );
    const { routing: document, diagnostics } = await loadRouting({ folder: project });
    expect(document.agents.map((agent) => agent.name)).toEqual(['good']);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'error', source: 'lattice.yaml', line: 7 }),
    );
  });

  test('is an error with a line when the file is no YAML', async () => {
    await writeFile(join(project, 'lattice.yaml'), 'agents:\n  a: [\n');
    await expect(loadRouting({ folder: project })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^lattice\.yaml:\d+:\d+: /),
    });
  });

  test('is not there without a file', async () => {
    await expect(loadRouting({ folder: project, configDir: join(folder, 'none') })).rejects.toMatchObject({
      code: 'not_found',
      hint: 'Write one with lattice init.',
    });
  });

  test('is not read through a link that leaves the project', async () => {
    await writeFile(join(folder, 'secret.yaml'), 'name: secret\n');
    await symlink(join(folder, 'secret.yaml'), join(project, 'lattice.yaml'));
    await expect(loadRouting({ folder: project })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('lies outside the project folder'),
    });
  });
});
