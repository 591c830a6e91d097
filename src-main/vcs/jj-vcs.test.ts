import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVcs } from './open-vcs.ts';
import { type FakeJj, fakeJj } from './testing/fake-jj.ts';
import type { Vcs } from './vcs.ts';

let jj: FakeJj;
beforeEach(() => {
  jj = fakeJj();
});
afterEach(() => jj.remove());

const open = (preset: 'jj-checkpoint' | 'jj-workspace', config = {}): Promise<Vcs> =>
  openVcs({ config: { preset, config }, projectDir: jj.projectDir, environment: jj.environment });
const lines = () => jj.calls().map(({ args }) => args.join(' '));

describe('jj-checkpoint', () => {
  it('remembers the operation before a new change, and restores it', async () => {
    const vcs = await open('jj-checkpoint');
    const made = await vcs.checkpoint('checkpoint: before coder; rm -rf /');
    expect(made).toMatchObject({ number: 1, kind: 'checkpoint' });
    expect(jj.calls().at(-1)?.args).toEqual(['new', '-m', 'checkpoint: before coder; rm -rf /']);
    const [first] = JSON.parse(readFileSync(join(jj.projectDir, '.jj/lattice/checkpoints.json'), 'utf8'));
    jj.answer({ 'diff --name-only': 'a.ts\nb.ts\n' });
    expect(await vcs.filesChanged(made)).toEqual(['a.ts', 'b.ts']);
    const undone = await vcs.undo();
    expect(lines().at(-1)).toBe(`op restore ${first.operation}`);
    expect(undone).toMatchObject({
      to: { number: 1 },
      before: { number: 2, undid: 1 },
      files: ['a.ts', 'b.ts'],
    });
    await vcs.undo(2);
    expect(lines().at(-1)).not.toBe(`op restore ${first.operation}`);
    expect(lines().at(-1)).toMatch(/^op restore \d+$/);
  });

  it('commits all or some files, or nothing when nothing changed', async () => {
    const vcs = await open('jj-checkpoint');
    expect(await vcs.commit({ message: 'x' })).toBeUndefined();
    jj.answer({ 'diff --name-only': 'a "b".ts\nc.ts\n', 'log -r @- ': 'abcdef' });
    expect(await vcs.commit({ message: 'ai(x): y' })).toMatchObject({
      id: 'abcdef',
      files: ['a "b".ts', 'c.ts'],
    });
    expect(lines()).toContain('commit -m ai(x): y');
    await vcs.commit({ message: 'm', files: ['a "b".ts', 'unknown'] });
    expect(lines()).toContain('commit -m m root-file:"a \\"b\\".ts"');
  });

  it('pushes, and only tries with a dry run', async () => {
    const vcs = await open('jj-checkpoint');
    jj.answer({ 'git push': 'Add bookmark push-xyz' });
    expect(await vcs.push({ dryRun: true })).toMatchObject({ dryRun: true, said: 'Add bookmark push-xyz' });
    expect(lines().at(-1)).toBe('git push -c @- --dry-run');
    await vcs.push({ dryRun: false });
    expect(lines().at(-1)).toBe('git push -c @-');
  });

  it('says what jj said when it fails, and that it is missing', async () => {
    jj.answer({ root: { fails: 'Error: There is no jj repo in "."' } });
    await expect(open('jj-checkpoint')).rejects.toMatchObject({
      code: 'io_failed',
      message: 'jj root failed: Error: There is no jj repo in "."',
    });
    jj.environment.PATH = jj.projectDir;
    await expect(open('jj-checkpoint')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('jj is not installed'),
    });
  });

  it('refuses a list of checkpoints that is not one', async () => {
    mkdirSync(join(jj.projectDir, '.jj/lattice'));
    writeFileSync(join(jj.projectDir, '.jj/lattice/checkpoints.json'), '[{"number":1,"operation":"; rm"}]');
    await expect((await open('jj-checkpoint')).undo()).rejects.toMatchObject({ code: 'io_failed' });
  });
});

describe('jj-workspace', () => {
  it('gives each checkpoint a workspace, commits in it, and removes it once it is pushed', async () => {
    const vcs = await open('jj-workspace');
    const made = await vcs.checkpoint('checkpoint: before ../../Coder');
    const folder = join(jj.projectDir, '.workspaces', 'checkpoint-before-coder-1');
    expect(made.workspace).toBe(folder);
    expect(readFileSync(join(jj.projectDir, '.workspaces', '.gitignore'), 'utf8')).toBe('*\n');
    expect(lines().at(-1)).toBe(
      `workspace add ${folder} --name checkpoint-before-coder-1 -r @ -m checkpoint: before ../../Coder`,
    );
    jj.answer({ 'diff --name-only': 'a.ts\n', 'log -r @ ': 'described', 'log -r @- ': 'abc' });
    expect(await vcs.commit({ message: 'm', since: made })).toMatchObject({
      on: 'checkpoint-before-coder-1',
    });
    expect(jj.calls().at(-1)?.cwd).toBe(folder);
    expect((await vcs.push({ dryRun: false })).notes).toEqual([expect.stringContaining('it stays')]);
    jj.answer({});
    expect((await vcs.push({ dryRun: false })).notes).toEqual([expect.stringContaining('was removed')]);
    expect(lines().at(-1)).toBe('workspace forget checkpoint-before-coder-1');
    expect(existsSync(folder)).toBe(false);
  });

  it('keeps the gate shut without a description, unless it is off', async () => {
    const vcs = await open('jj-workspace');
    await expect(vcs.checkpoint(' ')).rejects.toMatchObject({ code: 'invalid_input' });
    const made = await vcs.checkpoint('x');
    jj.answer({ 'diff --name-only': 'a.ts\n', 'log -r @ ': '' });
    await expect(vcs.commit({ message: 'm', since: made })).rejects.toMatchObject({ code: 'invalid_input' });
    const free = await open('jj-workspace', { gate_enforcement: false, auto_cleanup: false });
    expect(await free.commit({ message: 'm', since: made })).toBeDefined();
    jj.answer({});
    expect((await free.push({ dryRun: false })).notes).toEqual([]);
  });

  it.each(['..', '.', '/etc', 'a/../..'])('refuses the folder %s', async (workspace_dir) => {
    await expect(open('jj-workspace', { workspace_dir })).rejects.toMatchObject({ code: 'unsafe' });
  });

  it('refuses a folder that is a link out of the project', async () => {
    symlinkSync('/tmp', join(jj.projectDir, '.workspaces'));
    await expect((await open('jj-workspace')).checkpoint('x')).rejects.toMatchObject({ code: 'unsafe' });
  });
});

describe('none', () => {
  it('keeps nothing and says how to change that', async () => {
    const vcs = await openVcs({ config: undefined, projectDir: jj.projectDir, environment: {} });
    expect(await vcs.status()).toMatchObject({ preset: 'none', changed: [] });
    expect(await vcs.filesChanged()).toEqual([]);
    expect(await vcs.list()).toEqual([]);
    for (const refused of [
      vcs.checkpoint('x'),
      vcs.commit({ message: 'x' }),
      vcs.undo(),
      vcs.push({ dryRun: true }),
    ])
      await expect(refused).rejects.toMatchObject({
        code: 'unsupported',
        hint: expect.stringContaining('preset'),
      });
  });
});
