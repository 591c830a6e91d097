import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type GitSandbox, gitSandbox } from '../../src-main/vcs/testing/git-sandbox.ts';
import { addRunCommand } from './run.ts';
import { addVcsCommands } from './vcs.ts';

const CONFIG = `
vcs: { preset: git-stash }
providers: { openai: { env: OPENAI_API_KEY, local_budget: 50 } }
agents: { coder: { path: c.md, triggers: [/code], routing: [openai/gpt-4o] } }
commands:
  ship: { description: Push current work, action: vcs.push }
  undo: { action: vcs.undo }
  state: { action: vcs.status }
  budget: { action: providers.status }
  team: { action: agents.status }
`;

let box: GitSandbox;
beforeEach(() => {
  box = gitSandbox();
  writeFileSync(join(box.dir, 'lattice.yaml'), CONFIG);
  box.git('add', '-A');
  box.git('commit', '-qm', 'first');
  vi.stubEnv('LATTICE_HOME', join(box.dir, '.git', 'home'));
  vi.stubEnv('HOME', box.dir);
  vi.spyOn(process, 'cwd').mockReturnValue(box.dir);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  box.remove();
});

async function run(...argv: string[]): Promise<string> {
  const written: string[] = [];
  const spy = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const program = new Command('lattice').option('--json').exitOverride();
  addVcsCommands(program);
  addRunCommand(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

describe('lattice vcs', () => {
  it('keeps, commits and undoes, and says how to take each back', async () => {
    writeFileSync(join(box.dir, 'a'), '1');
    expect(await run('vcs', 'status')).toContain('main  git-stash\n1 file changed\n  a\nNo checkpoint yet.');
    expect(await run('vcs', 'checkpoint', '-m', 'one')).toContain(
      'lattice vcs undo --to 1 comes back to it.',
    );
    writeFileSync(join(box.dir, 'a'), '2');
    expect(await run('vcs', 'commit', '-m', 'two')).toContain('lattice vcs undo --to 2 takes it back.');
    expect(await run('vcs', 'undo')).toContain('lattice vcs undo --to 3 brings the state before back.');
    expect(await run('vcs', 'undo')).toContain('Back at checkpoint 1: one');
    expect(readFileSync(join(box.dir, 'a'), 'utf8')).toBe('1');
    const listed = JSON.parse(await run('vcs', 'list', '--json')).data;
    expect(listed.map((each: { kind: string }) => each.kind)).toEqual([
      'undo',
      'undo',
      'checkpoint',
      'checkpoint',
    ]);
    await expect(run('vcs', 'undo', '--to', 'x')).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
    await expect(run('vcs', 'push', '--dry-run')).rejects.toMatchObject({
      message: 'This repository has no remote.',
    });
  });
});

describe('lattice run', () => {
  it('runs the commands of lattice.yaml', async () => {
    expect(await run('run')).toContain('Push current work');
    expect(await run('run', 'state')).toContain('state: vcs.status');
    expect(await run('run', 'budget')).toMatch(/openai +0 +\$0\.00 +\$50 a month/);
    expect(JSON.parse(await run('run', 'team', '--json')).data.result.agents).toEqual([
      { name: 'coder', triggers: ['/code'] },
    ]);
    await expect(run('run', 'undo')).rejects.toMatchObject({ code: 'not_found' });
    await expect(run('run', 'ship')).rejects.toMatchObject({ code: 'conflict' });
    await expect(run('run', 'shp')).rejects.toMatchObject({ hint: 'Did you mean ship?' });
    await expect(run('run', 'constructor')).rejects.toMatchObject({ code: 'not_found' });
  });
});
