import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitSandbox, gitSandbox } from './testing/git-sandbox.ts';

let box: GitSandbox;
const at = (path: string) => join(box.dir, path);
const write = (path: string, text: string) => writeFileSync(at(path), text);

beforeEach(() => {
  box = gitSandbox();
});
afterEach(() => box.remove());

/** A tree as people have them: tracked, changed, staged, renamed, untracked, ignored, executable, linked. */
function dirtyTree(): void {
  write('tracked.txt', 'one\r\ntwo\n');
  write('old name.txt', 'renamed');
  write('removed.txt', 'removed');
  write('script.sh', '#!/bin/sh\n');
  write('.gitattributes', '* text=auto\n*.up filter=upper\n');
  write('.gitignore', 'ignored/\n*.log\n');
  write('case.up', 'abc');
  mkdirSync(at('src/deep'), { recursive: true });
  write('src/deep/a.ts', 'a');
  box.git('add', '-A');
  box.git('commit', '--quiet', '-m', 'first');
  write('tracked.txt', 'one\r\ntwo\r\nmixed\n');
  box.git('mv', 'old name.txt', 'new näme.txt');
  box.git('rm', '--quiet', 'removed.txt');
  write('staged.txt', 'staged');
  box.git('add', 'staged.txt');
  write('staged.txt', 'staged and changed again');
  write('untracked.txt', 'mine');
  write('crlf.txt', 'a\r\nb\n');
  mkdirSync(at('ignored'));
  write('ignored/secret', 'kept');
  write('debug.log', 'log');
  chmodSync(at('script.sh'), 0o755);
  symlinkSync('tracked.txt', at('link'));
  symlinkSync('/nowhere', at('dangling'));
}

function havoc(): void {
  write('tracked.txt', 'overwritten');
  rmSync(at('untracked.txt'));
  rmSync(at('link'));
  write('link', 'now a file');
  renameSync(at('script.sh'), at('moved.sh'));
  rmSync(at('src'), { recursive: true });
  write('src', 'a file in the place of a folder');
  rmSync(at('staged.txt'));
  mkdirSync(at('staged.txt'));
  write('staged.txt/inner', 'a folder in the place of a file');
  write('new.txt', 'by the agent');
  box.git('add', 'new.txt');
  chmodSync(at('crlf.txt'), 0o755);
}

describe('git undo', () => {
  it('brings a dirty tree back byte for byte, and can be undone itself', async () => {
    dirtyTree();
    const before = box.state();
    const vcs = await box.open();
    const checkpoint = await vcs.checkpoint('checkpoint: before coder');
    expect(box.state()).toEqual(before);
    expect(checkpoint).toMatchObject({ number: 1, kind: 'checkpoint', message: 'checkpoint: before coder' });
    havoc();
    const after = box.state();
    const undone = await vcs.undo();
    expect(box.state()).toEqual(before);
    expect(undone).toMatchObject({
      to: { number: 1 },
      before: { number: 2, kind: 'undo', undid: 1 },
      notes: [],
    });
    await vcs.undo(2);
    expect(box.state()).toEqual(after);
    await vcs.undo(1);
    expect(box.state()).toEqual(before);
    expect(box.git('stash', 'list')).toBe('');
    expect(box.git('fsck', '--strict')).toBe('');
  });

  it('goes further back with each undo, and forward again after an undo of an undo', async () => {
    const vcs = await box.open();
    write('a', '0');
    for (const text of ['1', '2', '3']) {
      await vcs.checkpoint(`before ${text}`);
      write('a', text);
    }
    expect((await vcs.undo()).to.message).toBe('before 3');
    expect((await vcs.undo()).to.message).toBe('before 2');
    expect(readFileSync(at('a'), 'utf8')).toBe('1');
    const [last] = await vcs.list();
    await vcs.undo(last?.number);
    expect(readFileSync(at('a'), 'utf8')).toBe('2');
    expect((await vcs.undo()).to.message).toBe('before 2');
    expect((await vcs.undo()).to.message).toBe('before 1');
    await expect(vcs.undo()).rejects.toMatchObject({ code: 'not_found' });
    await expect(vcs.undo(99)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('works before the first commit, and takes back a first commit that it made', async () => {
    write('a', '1');
    box.git('add', 'a');
    write('b', '1');
    const before = box.state();
    const vcs = await box.open();
    await vcs.checkpoint('before');
    write('a', '2');
    const made = await vcs.commit({ message: 'ai(x): a' });
    expect(made).toMatchObject({ on: 'main', files: ['a', 'b'] });
    await vcs.undo();
    expect(box.state()).toEqual(before);
    expect(() => box.git('rev-parse', '-q', '--verify', 'HEAD')).toThrow();
  });

  it('looks only at the project when it is a part of the repository', async () => {
    mkdirSync(at('app'));
    write('app/a', '1');
    write('outside', '1');
    box.git('add', '-A');
    box.git('commit', '-qm', 'first');
    const vcs = await box.open(at('app'));
    const since = await vcs.checkpoint('before');
    write('app/a', '2');
    write('outside', '2');
    box.git('add', 'outside');
    expect(await vcs.filesChanged(since)).toEqual(['app/a']);
    await vcs.undo();
    expect(readFileSync(at('app/a'), 'utf8')).toBe('1');
    expect(readFileSync(at('outside'), 'utf8')).toBe('2');
    expect(box.git('diff', '--cached', '--name-only')).toBe('outside\n');
  });

  it('works on a detached HEAD', async () => {
    write('a', '1');
    box.git('add', '-A');
    box.git('commit', '-qm', 'first');
    box.git('checkout', '--quiet', '--detach');
    const head = box.git('rev-parse', 'HEAD');
    const vcs = await box.open();
    await vcs.checkpoint('before');
    write('a', '2');
    expect((await vcs.commit({ message: 'ai(x): a' }))?.on).toBe(`lattice/detached-${head.slice(0, 8)}`);
    await vcs.undo();
    expect(readFileSync(at('a'), 'utf8')).toBe('1');
    expect(box.git('rev-parse', '--symbolic-full-name', 'HEAD').trim()).toBe('HEAD');
    expect(box.git('rev-parse', 'HEAD')).toBe(head);
  });

  it('brings a merge with conflicts back as it was', async () => {
    const commit = (text: string) => {
      write('a', text);
      box.git('add', '-A');
      box.git('commit', '-qm', text);
    };
    commit('base');
    box.git('checkout', '-qb', 'other');
    commit('other');
    box.git('checkout', '-q', 'main');
    commit('main');
    expect(() => box.git('merge', 'other')).toThrow();
    const before = box.state();
    const vcs = await box.open();
    await vcs.checkpoint('in a merge');
    await expect(vcs.commit({ message: 'x' })).rejects.toMatchObject({ code: 'conflict' });
    write('a', 'resolved by the agent');
    box.git('add', 'a');
    expect((await vcs.undo()).notes).toEqual([]);
    expect(box.state()).toEqual(before);
    expect((await vcs.status()).ongoing).toBe('merge');
    box.git('merge', '--abort');
    await vcs.undo(1);
    expect(box.state()).toEqual(before);
    expect(box.git('status')).toContain('You have unmerged paths');
    expect(readFileSync(at('.git/MERGE_HEAD'), 'utf8')).toBe(box.git('rev-parse', 'other'));
  });

  it('keeps commits of a person and of a remote, and says so', async () => {
    write('a', '1');
    box.git('add', '-A');
    box.git('commit', '-qm', 'first');
    const vcs = await box.open();
    await vcs.checkpoint('before');
    write('a', '2');
    box.git('commit', '-qam', 'mine');
    const mine = box.git('rev-parse', 'HEAD');
    const { notes } = await vcs.undo();
    expect(notes).toEqual([expect.stringContaining('Commits of yours')]);
    expect(box.git('rev-parse', 'HEAD')).toBe(mine);
    expect(readFileSync(at('a'), 'utf8')).toBe('1');
  });

  it('takes back commits of Lattice, except when they are pushed', async () => {
    const remote = gitSandbox({ bare: true });
    try {
      write('a', '1');
      box.git('add', '-A');
      box.git('commit', '-qm', 'first');
      box.git('remote', 'add', 'origin', remote.dir);
      const vcs = await box.open();
      const first = await vcs.checkpoint('before 1');
      write('a', '2');
      await vcs.commit({ message: 'ai(x): two' });
      expect(box.git('branch', '--show-current')).toBe('lattice/main\n');
      const second = await vcs.checkpoint('before 2');
      write('a', '3');
      await vcs.commit({ message: 'ai(x): three' });
      await vcs.undo(second.number);
      expect(box.git('log', '--format=%s').split('\n')[0]).toBe('ai(x): two');
      expect(await vcs.push({ dryRun: true })).toMatchObject({ remote: 'origin', dryRun: true });
      expect(remote.git('branch')).toBe('');
      await vcs.push({ dryRun: false });
      expect(remote.git('branch').trim()).toBe('lattice/main');
      write('a', '4');
      await vcs.checkpoint('before 4');
      await vcs.commit({ message: 'ai(x): four' });
      await vcs.push({ dryRun: false });
      expect((await vcs.undo(second.number)).notes).toEqual([expect.stringContaining('pushed')]);
      await vcs.undo(first.number);
      expect(box.git('branch', '--show-current')).toBe('main\n');
      expect(readFileSync(at('a'), 'utf8')).toBe('1');
      expect(box.git('status', '--porcelain')).toBe('');
    } finally {
      remote.remove();
    }
  });

  it('refuses to lay one branch over another, or to undo in a rebase', async () => {
    write('a', '1');
    box.git('add', '-A');
    box.git('commit', '-qm', 'first');
    const vcs = await box.open();
    await vcs.checkpoint('on main');
    box.git('switch', '-qc', 'feature');
    write('a', '2');
    await expect(vcs.undo()).rejects.toMatchObject({
      code: 'conflict',
      message: 'Checkpoint 1 is of main, and feature is checked out.',
    });
    box.git('switch', '-q', 'main');
    mkdirSync(at('.git/rebase-merge'));
    await expect(vcs.undo()).rejects.toMatchObject({ message: 'A rebase is under way in this repository.' });
    expect(readFileSync(at('a'), 'utf8')).toBe('2');
  });

  it('never writes over an ignored file or through a link', async () => {
    const vcs = await box.open();
    write('notes', 'then');
    mkdirSync(at('dir'));
    write('dir/a', 'then');
    await vcs.checkpoint('before');
    write('.gitignore', 'notes\ndir\n');
    write('notes', 'ignored now');
    rmSync(at('dir'), { recursive: true });
    symlinkSync('/tmp', at('dir'));
    await expect(vcs.undo()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('dir'),
    });
    expect(readFileSync(at('notes'), 'utf8')).toBe('ignored now');
    rmSync(at('dir'));
    const { before } = await vcs.undo();
    expect(readFileSync(at('notes'), 'utf8')).toBe('then');
    await vcs.undo(before.number);
    expect(readFileSync(at('notes'), 'utf8')).toBe('ignored now');
  });

  it('does not remove a folder with ignored files for a file', async () => {
    write('.gitignore', '*.log\n');
    write('thing', 'a file');
    const vcs = await box.open();
    await vcs.checkpoint('before');
    rmSync(at('thing'));
    mkdirSync(at('thing'));
    write('thing/x.log', 'precious');
    await expect(vcs.undo()).rejects.toMatchObject({
      message: 'thing cannot come back: thing/x.log is in its way.',
    });
    expect(readFileSync(at('thing/x.log'), 'utf8')).toBe('precious');
  });

  it('leaves a repository within the repository alone, and runs nothing of it', async () => {
    const touch = (name: string) => `#!/bin/sh\ntouch ${at(name)}\n`;
    for (const hook of [
      'pre-commit',
      'post-commit',
      'reference-transaction',
      'post-index-change',
      'pre-push',
    ]) {
      write(`.git/hooks/${hook}`, touch('ran'));
      chmodSync(at(`.git/hooks/${hook}`), 0o755);
    }
    write('.git/monitor', touch('monitored'));
    chmodSync(at('.git/monitor'), 0o755);
    box.git('config', 'core.fsmonitor', at('.git/monitor'));
    mkdirSync(at('inner'));
    write('inner/file', 'own');
    box.git('init', '-q', 'inner');
    write('a', '1');
    const vcs = await box.open();
    await vcs.checkpoint('before');
    write('a', '2');
    await vcs.commit({ message: 'ai(x): a', files: ['a'] });
    await vcs.undo();
    rmSync(at('monitored'), { force: true });
    await vcs.status();
    await vcs.checkpoint('again');
    expect(existsSync(at('ran'))).toBe(false);
    expect(existsSync(at('monitored'))).toBe(false);
    expect(readFileSync(at('inner/file'), 'utf8')).toBe('own');
  });
});
