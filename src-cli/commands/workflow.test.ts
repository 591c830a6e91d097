import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addGenerateCommand } from './generate.ts';
import { addPluginCommands } from './plugins.ts';
import { addProjectCommands } from './project.ts';

let scratch: string;
let project: string;
let workflow: string;

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'lattice-cli-workflow-')));
  project = join(scratch, 'mine');
  workflow = join(scratch, 'theirs');
  await mkdir(join(project, 'deep'), { recursive: true });
  await mkdir(join(workflow, 'agents'), { recursive: true });
  const yaml =
    'name: theirs # kept\nplugins: [file:../local-plugin]\nagents:\n  architect: { path: architect.md, triggers: [/plan] }\n';
  await writeFile(join(workflow, 'lattice.yaml'), yaml);
  await writeFile(join(workflow, 'agents/architect.md'), 'You design. \u001b]0;title\u0007\n');
  for (const name of ['local-plugin', 'other-plugin']) {
    await mkdir(join(scratch, name));
    await writeFile(join(scratch, name, 'package.json'), JSON.stringify({ name, version: '0.1.0' }));
  }
  vi.stubEnv('LATTICE_HOME', join(scratch, 'home'));
  vi.stubEnv('npm_config_cache', join(scratch, 'cache'));
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
  vi.spyOn(process, 'cwd').mockReturnValue(join(project, 'deep'));
});
afterEach(async () => {
  process.exitCode = undefined;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(scratch, { recursive: true });
});

async function run(...argv: string[]): Promise<string> {
  const written: string[] = [];
  const spy = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const program = new Command('lattice').option('--json').exitOverride();
  addProjectCommands(program);
  addGenerateCommand(program);
  addPluginCommands(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

const take = (...more: string[]) => run('init', project, '--from', workflow, ...more);
const data = (text: string) => JSON.parse(text).data;

describe('init --from', () => {
  it('shows what would come and asks where somebody can be asked', async () => {
    const shown = await take('--dry-run');
    expect(shown).toContain('agents/architect.md  (new)');
    expect(shown).toContain('Nothing was written.');
    await expect(take()).rejects.toMatchObject({ code: 'invalid_input', hint: /--yes/ });
    expect(existsSync(join(project, 'lattice.yaml'))).toBe(false);
  });

  it('takes it when told so', async () => {
    expect(data(await take('--yes', '--json'))).toMatchObject({
      name: 'theirs',
      written: ['agents/architect.md', 'lattice.yaml'],
    });
  });
});

describe('generate', () => {
  it('checks for CI, shows differences without steering the terminal, and writes', async () => {
    await take('--yes');
    const checked = await run('generate', '--check');
    expect(process.exitCode).toBe(1);
    expect(checked).toContain('+You design.');
    expect(checked).not.toContain('\u001b]0');
    process.exitCode = undefined;
    await run('generate');
    expect(await run('generate', '--check')).toContain('same      opencode.json');
    expect(process.exitCode).toBeUndefined();
    await writeFile(join(project, 'opencode.json'), '{}');
    await expect(run('generate')).rejects.toMatchObject({ code: 'conflict', hint: /--force/ });
  });
});

describe('plugins', () => {
  it('are installed, added by changing one line, and listed', async () => {
    await take('--yes');
    expect(await run('plugins', 'list', '--offline')).toContain('not in step: lattice plugins sync');
    expect(data(await run('plugins', 'sync', '--json')).plugins).toMatchObject([
      { installed: '0.1.0', in_step: true },
    ]);
    await run('plugins', 'add', 'file:../other-plugin');
    expect(await readFile(join(project, 'lattice.yaml'), 'utf8')).toContain(
      'name: theirs # kept\nplugins: [file:../local-plugin, file:../other-plugin]\n',
    );
    expect(data(await run('plugins', 'update', '--dry-run', '--json'))).toEqual({
      changes: [],
      written: false,
    });
    await expect(run('plugins', 'add', 'x; touch y')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('need a lattice.yaml', async () => {
    await expect(run('plugins')).rejects.toMatchObject({ code: 'not_found', hint: /lattice init/ });
  });
});
