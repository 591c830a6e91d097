import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, link, mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LatticeError } from '../../src-shared/errors.ts';
import type { ApprovalView } from '../../src-shared/views/approval.ts';
import { isDescendant } from '../system/process-family.ts';
import { answerApproval } from './approval-client.ts';
import { Approvals, type Decision } from './approvals.ts';
import { OwnerDesk } from './owner-desk.ts';
import { answerFile, readRequests } from './owner-files.ts';

const SOON = { timeout: 5_000, interval: 10 };
const subject = {
  digest: 'a'.repeat(64),
  station_id: 'build',
  station_name: 'build-box',
  agent: 'deploy',
  description: 'Deploys',
  folder: '/work',
  task: 'Ship it',
  context: {},
  sender: { name: 'anna', verified: false },
  work_id: 'w1',
  attempt: 1,
  because: 'rule' as const,
};

let root = '';
let folder = '';
let approvals: Approvals;
let desk: OwnerDesk;
let children: number[] = [];
const problems: LatticeError[] = [];
const abort = new AbortController();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lattice-desk-'));
  folder = join(root, 'approvals');
  approvals = new Approvals();
  children = [];
  problems.length = 0;
  desk = await OwnerDesk.open({
    folder,
    approvals,
    isOwnChild: async (pid) => children.includes(pid),
    onProblem: (problem) => problems.push(problem),
    lookMs: 10,
  });
});
afterEach(async () => {
  await desk[Symbol.asyncDispose]();
  expect(await readdir(root)).toEqual([]);
  await rm(root, { recursive: true });
});

/** Asks, and waits until a command can see it. */
async function ask(): Promise<{ view: ApprovalView; decision: Promise<Decision> }> {
  const decision = approvals.ask(subject, abort.signal);
  const view = await vi.waitFor(async () => {
    const [found] = await readRequests(folder);
    if (!found) throw new Error('Nothing is shown.');
    return found;
  }, SOON);
  return { view, decision };
}

async function deny(view: ApprovalView, decision: Promise<Decision>): Promise<void> {
  approvals.answer({ ...view, allow: false }, 'window');
  expect(await decision).toMatchObject({ allow: false });
  await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), SOON);
}

describe('the desk of the owner', () => {
  it('shows what waits to its owner alone, and takes an answer', async () => {
    const { view, decision } = await ask();
    expect(view).toMatchObject(subject);
    const modes = await Promise.all([folder, join(folder, `${view.id}.json`)].map((path) => stat(path)));
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600]);
    await answerApproval({ folder, view }, true, {});
    expect(await decision).toEqual({ allow: true, by: 'command line' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes no answer of a process that the station started, nor of an agent', async () => {
    const { view, decision } = await ask();
    children = [process.pid];
    await expect(answerApproval({ folder, view }, true, {})).rejects.toThrow('did not take the answer');
    expect(problems.map(({ code }) => code)).toEqual(['not_allowed']);
    await expect(answerApproval({ folder, view }, true, { LATTICE_WORK_ID: 'w1' })).rejects.toThrow(
      'An agent cannot answer',
    );
    await deny(view, decision);
  });

  it('takes no answer to something else', async () => {
    const { view, decision } = await ask();
    const other = { ...view, digest: 'b'.repeat(64) };
    await expect(answerApproval({ folder, view: other }, true, {})).rejects.toThrow(
      'did not take the answer',
    );
    expect(problems.map(({ code }) => code)).toEqual(['conflict']);
    await deny(view, decision);
  });

  it.each<[string, string, (file: string) => Promise<unknown>]>([
    ['nothing', 'invalid_input', (file) => put(file, '')],
    ['no JSON', 'invalid_input', (file) => put(file, 'yes')],
    ['another shape', 'invalid_input', (file) => put(file, '{"allow":true}')],
    ['null', 'invalid_input', (file) => put(file, 'null')],
    ['too much', 'too_large', (file) => put(file, `"${'y'.repeat(10_000)}"`)],
    ['a folder', 'unsafe', (file) => mkdir(file)],
    ['a link', 'unsafe', (file) => symlink('/etc/hosts', file)],
    ['a file that others may write', 'unsafe', (file) => put(file, '{}', 0o666)],
  ])('survives an answer that is %s', async (_what, code, make) => {
    const { view, decision } = await ask();
    await make(answerFile(folder, view.id));
    await vi.waitFor(() => expect(problems.map((problem) => problem.code)).toEqual([code]), SOON);
    expect(approvals.waiting.size).toBe(1);
    await deny(view, decision);
  });

  it('shows no file that is not a request, and none under another name', async () => {
    const { view, decision } = await ask();
    await put(join(folder, 'rubbish.json'), 'rubbish');
    await put(join(folder, `${'0'.repeat(26)}.json`), JSON.stringify(view));
    await link(join(folder, `${view.id}.json`), join(folder, 'again.json'));
    expect((await readRequests(folder)).map(({ id }) => id)).toEqual([view.id]);
    approvals.answer({ ...view, allow: false }, 'window');
    await decision;
  });

  it('counts nothing that an earlier process left', async () => {
    const { view, decision } = await ask();
    approvals.answer({ ...view, allow: false }, 'window');
    await decision;
    await desk[Symbol.asyncDispose]();
    await mkdir(folder);
    await put(join(folder, `${view.id}.json`), JSON.stringify(view));
    desk = await OwnerDesk.open({
      folder,
      approvals,
      isOwnChild: async () => false,
      onProblem: () => undefined,
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the family of a process', () => {
  it('knows children, children of children, and strangers', async () => {
    const child = spawn('sh', ['-c', 'sleep 30 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(child.stdout, 'data');
    const grandchild = Number(String(line));
    expect(await isDescendant(child.pid ?? 0, process.pid)).toBe(true);
    expect(await isDescendant(grandchild, process.pid)).toBe(true);
    expect(await isDescendant(process.ppid, process.pid)).toBe(false);
    process.kill(grandchild);
    await once(child, 'exit');
    expect(await isDescendant(child.pid ?? 0, 1)).toBe(true);
  });
});

/** A file that appears whole, with its mode. */
async function put(file: string, text: string, mode = 0o600): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, text);
  await chmod(draft, mode);
  await rename(draft, file);
}
