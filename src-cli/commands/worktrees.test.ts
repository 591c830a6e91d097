import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdWorktree } from '../../src-main/agents/sandbox/worktrees.ts';
import { type GitSandbox, gitSandbox } from '../../src-main/vcs/testing/git-sandbox.ts';
import { addWorktreeCommands } from './worktrees.ts';

let box: GitSandbox;
beforeEach(() => {
  box = gitSandbox();
  box.git('commit', '-qm', 'first', '--allow-empty');
  vi.spyOn(process, 'cwd').mockReturnValue(box.dir);
});
afterEach(() => {
  vi.restoreAllMocks();
  box.remove();
});

async function worktrees(...argv: string[]): Promise<string> {
  const written: string[] = [];
  const spy = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const program = new Command('lattice').option('--json').exitOverride();
  addWorktreeCommands(program);
  try {
    await program.parseAsync(['worktrees', ...argv], { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

/** A run of a work that has ended; gives its folder. */
async function ran(work: string): Promise<string> {
  const worktree = await holdWorktree(box.dir, work);
  await worktree[Symbol.asyncDispose]();
  return worktree.dir;
}

function commitIn(dir: string): void {
  writeFileSync(join(dir, 'made.txt'), 'made');
  box.git('-C', dir, 'add', '-A');
  box.git('-C', dir, 'commit', '-qm', 'made');
}

describe('lattice worktrees', () => {
  it('lists what each holds, and removes those that hold nothing', async () => {
    const empty = await ran('empty');
    const changed = await ran('changed');
    writeFileSync(join(changed, 'new.txt'), 'new');
    commitIn(await ran('committed'));
    const listed = await worktrees('list');
    expect(listed).toContain('empty  holds nothing of its own');
    expect(listed).toContain('changed  1 changed file');
    expect(listed).toContain('committed  1 commit that no branch has');
    expect(await worktrees('remove', '--dry-run')).toContain('Would remove empty');
    expect(existsSync(empty)).toBe(true);
    const removed = await worktrees('remove');
    expect(removed).toContain('Removed empty');
    expect(removed).toContain('Kept changed: 1 changed file');
    expect([existsSync(empty), existsSync(changed)]).toEqual([false, true]);
  });

  it('removes a commit that a branch has, and with --force what is nowhere else', async () => {
    const kept = await ran('kept');
    commitIn(kept);
    box.git('-C', kept, 'branch', 'result');
    const changed = await ran('changed');
    writeFileSync(join(changed, 'new.txt'), 'new');
    expect(await worktrees('remove', 'changed', '--force')).toBe('Removed changed\n');
    expect(existsSync(kept)).toBe(true);
    expect(await worktrees('remove')).toBe('Removed kept\n');
    expect(box.git('show', 'result:made.txt')).toContain('made');
  });

  it('leaves the worktree of a run alone, and takes over that of a killed one', async () => {
    const running = await holdWorktree(box.dir, 'running');
    expect(await worktrees('remove', 'running', '--force')).toBe('Kept running: a run works in it\n');
    await running[Symbol.asyncDispose]();
    const dead = JSON.stringify({ pid: 4_194_300, start_time: '1' });
    box.git('worktree', 'lock', '--reason', dead, running.dir);
    expect(await worktrees('remove')).toBe('Removed running\n');
  });

  it('leaves worktrees of people alone', async () => {
    box.git('worktree', 'add', '-q', '--detach', join(box.dir, 'mine'));
    expect(await worktrees('list')).toBe('No run left a worktree here.\n');
    expect(await worktrees('remove')).toBe('No run left a worktree here.\n');
    expect(existsSync(join(box.dir, 'mine'))).toBe(true);
  });

  it('says what is wrong with a name, a --force without one, and a folder without a repository', async () => {
    await expect(worktrees('remove', 'nothing')).rejects.toThrow('Work nothing left no worktree here.');
    await expect(worktrees('remove', '--force')).rejects.toThrow('Name the works');
    rmSync(join(box.dir, '.git'), { recursive: true });
    await expect(worktrees('list')).rejects.toThrow('is in no git repository');
  });
});
