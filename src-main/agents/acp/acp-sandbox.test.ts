import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayGrant, ModelGateway } from '../../gateway/model-gateway.ts';
import { expectNoLeak, findSecretsInText, makeSecret } from '../../testing/find-secrets.ts';
import { withoutNetwork } from '../sandbox/network.ts';
import { noticesOf, runFakeAgent } from './testing/acp-run.ts';

const run = promisify(execFile);
const allowAll = { otherwise: 'allow', allow: [], deny: [] } as const;
const KEY = makeSecret('lattice-run-key-');

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'lattice-acp-')));
  root = join(folder, 'project');
  await mkdir(root);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const resultOf = ({ outcome }: Awaited<ReturnType<typeof runFakeAgent>>) =>
  outcome.status === 'completed' ? outcome.result : JSON.stringify(outcome);

function gatewayOf(): ModelGateway & { ended: number } {
  const gateway = {
    ended: 0,
    grant: async (): Promise<GatewayGrant> => ({
      key: KEY,
      openaiUrl: 'http://127.0.0.1:1/v1',
      anthropicUrl: 'http://127.0.0.1:1',
      model: 'lattice/architect',
      [Symbol.asyncDispose]: async () => void gateway.ended++,
    }),
  };
  return gateway;
}

describe('the folder of an ACP run', () => {
  it('is the only place where files are read and written', async () => {
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(root, 'a.txt'), 'one\ntwo\nthree');
    await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
    await symlink(folder, join(root, 'out'));
    await symlink(join(folder, 'not-yet'), join(root, 'nowhere'));
    const said = await runFakeAgent({
      root,
      run: { permissions: allowAll },
      task: [
        'files',
        `read ${root}/a.txt 2 1`,
        'read a.txt 9 1',
        'read ../secret.txt',
        `read ${folder}/secret.txt`,
        'read link.txt',
        'read out/secret.txt',
        'write out/new.txt',
        'write nowhere',
        'write ../new.txt',
        'read missing.txt',
        'read .',
        'write deep/er/b.txt',
      ].join('\n'),
    });
    const outside = (path: string) => `${path} lies outside the working folder.`;
    expect(resultOf(said).split('\n')).toEqual([
      'two',
      '',
      outside('../secret.txt'),
      outside(`${folder}/secret.txt`),
      outside('link.txt'),
      outside('out/secret.txt'),
      outside('out/new.txt'),
      expect.stringContaining('nowhere cannot be written'),
      outside('../new.txt'),
      'There is no file missing.txt.',
      '. is not a file.',
      'ok',
    ]);
    expect(await readFile(join(root, 'deep/er/b.txt'), 'utf8')).toBe('written');
    expect((await readdir(folder)).sort()).toEqual(['project', 'secret.txt']);
  });

  it('is not written to without permission', async () => {
    const said = await runFakeAgent({ root, task: 'files\nwrite a.txt' });
    expect(resultOf(said)).toBe('It is not allowed to write a.txt.');
    expect(said.questions).toEqual(['architect wants to write a.txt']);
    expect(await readdir(root)).toEqual([]);
  });

  it('may be a git worktree of the work, which its next attempt finds again', async () => {
    await run('git', ['init', '--quiet'], { cwd: root });
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    await run('git', [...author, 'commit', '--quiet', '--allow-empty', '-m', 'x'], { cwd: root });
    const options = { root, run: { workspace: 'worktree' as const, permissions: allowAll } };
    const first = await runFakeAgent({ ...options, task: 'files\nwrite a.txt' });
    expect(resultOf(first)).toBe('ok');
    expect(await readdir(root)).toEqual(['.git']);
    expect(resultOf(await runFakeAgent({ ...options, task: 'files\nread a.txt' }))).toBe('written');
    expect(noticesOf(first.activities).join()).toContain('worktree');
  });

  it('is made a worktree by a git whose hooks find none of our secrets', async () => {
    vi.stubEnv('SOME_API_KEY', KEY);
    await run('git', ['init', '--quiet'], { cwd: root });
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    await run('git', [...author, 'commit', '--quiet', '--allow-empty', '-m', 'x'], { cwd: root });
    const found = join(folder, 'found.txt');
    await writeFile(join(root, '.git/hooks/post-checkout'), `#!/bin/sh\nenv > "${found}"\n`, { mode: 0o755 });
    const options = { root, run: { workspace: 'worktree' as const, permissions: allowAll } };
    expect(resultOf(await runFakeAgent({ ...options, task: 'files\nwrite a.txt' }))).toBe('ok');
    const environment = await readFile(found, 'utf8');
    expect(environment).toContain('PATH=');
    expectNoLeak(findSecretsInText('what the hook found', environment, [KEY]));
  });

  it('cannot be a worktree where there is no repository', async () => {
    const { outcome } = await runFakeAgent({ root, task: 'work', run: { workspace: 'worktree' } });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'unsupported' } });
  });

  it('may be temporary, and is gone with the run', async () => {
    const said = await runFakeAgent({ root, task: 'prompt', run: { workspace: 'temporary' } });
    const { cwd } = JSON.parse(resultOf(said));
    expect(cwd).not.toBe(root);
    await expect(readdir(cwd)).rejects.toThrow('ENOENT');
  });
});

describe('the environment of an ACP run', () => {
  it('has what programs need, what is let through and the key of this run, and none of our secrets', async () => {
    const gateway = gatewayOf();
    const said = await runFakeAgent({
      root,
      gateway,
      task: 'environment',
      environment: {
        ...process.env,
        EDITOR: 'ed',
        WORD: 'fish',
      },
      run: { passEnv: ['EDITOR', 'LATTICE_TOKEN'], env: { SAID: `\${WORD} \${LATTICE_TOKEN}` } },
    });
    const { OPENAI_API_KEY, EDITOR, SAID } = JSON.parse(resultOf(said));
    expect({ OPENAI_API_KEY, EDITOR, SAID }).toEqual({ OPENAI_API_KEY: '…', EDITOR: 'ed', SAID: 'fish ' });
    expectNoLeak(findSecretsInText('what the run told', JSON.stringify(said), [KEY]));
    expect(gateway.ended).toBe(1);
  });

  it('gives the key of the run to no command of a terminal', async () => {
    const said = await runFakeAgent({
      root,
      gateway: gatewayOf(),
      task: 'terminal\nsh\n-c\nenv | grep -c -e API_KEY -e lattice-run-key; true',
      run: { permissions: allowAll },
    });
    expect(resultOf(said)).toBe('{"exitCode":0,"signal":null} 0');
  });

  it('takes the network from commands where it can, and says what keeps it', async () => {
    const said = await runFakeAgent({
      root,
      gateway: gatewayOf(),
      task: 'terminal\nsh\n-c\ngrep -c 0A /proc/net/route; true',
      run: {
        permissions: allowAll,
        limits: {
          timeoutMs: undefined,
          silenceMs: undefined,
          memoryMb: undefined,
          processes: undefined,
          network: false,
        },
      },
    });
    const can = (await withoutNetwork()) !== undefined;
    expect(noticesOf(said.activities)).toContainEqual(
      expect.stringContaining(can ? 'itself keeps the network' : 'cannot be taken away'),
    );
    if (can) expect(resultOf(said)).toBe('{"exitCode":0,"signal":null} 0');
  });
});
