import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOT_OURS } from '../src-main/testing/find-secrets.ts';
import type { ProviderRequest } from '../src-main/testing/model-provider.ts';
import { type CodingProject, isWork, openCodingProject, PATTERN, SECRETS } from './coding-project.ts';

const run = promisify(execFile);
const opencode = process.env.LATTICE_OPENCODE ?? '';
const cli = join(import.meta.dirname, '../out/cli/lattice.js');

describe.runIf(opencode !== '')('what lattice generate writes', () => {
  let coding: CodingProject;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    coding = await openCodingProject({ runtime: 'opencode', format: 'chat' });
    coding.answer([{ text: 'Hello from the model.' }]);
    env = {
      ...process.env,
      ...SECRETS,
      // OpenCode goes by it before the working folder.
      PWD: coding.dir,
      HOME: coding.folder,
      LATTICE_HOME: join(coding.folder, 'lattice'),
      XDG_CONFIG_HOME: join(coding.folder, 'config'),
      XDG_DATA_HOME: join(coding.folder, 'data'),
      XDG_STATE_HOME: join(coding.folder, 'state'),
      XDG_CACHE_HOME: join(coding.folder, 'cache'),
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
    };
    await lattice('generate');
  });
  afterAll(async () => {
    await coding[Symbol.asyncDispose]();
  });

  const lattice = (...args: string[]) => run(process.execPath, [cli, ...args], { cwd: coding.dir, env });

  /** Runs OpenCode in the project; it waits for the end of its input before it starts. */
  async function openCode(...args: string[]): Promise<string> {
    const running = run(opencode, args, {
      cwd: coding.dir,
      env: { ...env, [NOT_OURS]: '1' },
      timeout: 90_000,
    });
    running.child.stdin?.end();
    return (
      await running.catch((cause) => {
        throw new Error(`OpenCode failed: ${cause.stdout}${cause.stderr}`, { cause });
      })
    ).stdout;
  }

  /** What the model answered, as `opencode run --format json` tells it. */
  async function asks(...args: string[]): Promise<{ answer: string; works: ProviderRequest[] }> {
    const before = new Set(coding.requests());
    const lines = (await openCode('run', '--format', 'json', ...args)).trim().split('\n');
    const texts = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'text');
    const works = coding.requests().filter((request) => !before.has(request) && isWork(request));
    return { answer: texts.map(({ part }) => part.text).join(''), works };
  }

  it('is accepted by OpenCode, with its agent, its command and the keys of the environment', async () => {
    const config = JSON.parse(await openCode('debug', 'config'));
    expect(config.command.code).toMatchObject({ agent: 'coder', template: '$ARGUMENTS' });
    expect(config.agent.coder).toMatchObject({ model: 'beta/small' });
    expect(await readFile(join(coding.dir, 'opencode.json'), 'utf8')).toContain('{env:ALPHA_KEY}');
  });

  it('lets a trigger call the agent with its prompt and its model', async () => {
    const { answer, works } = await asks('--command', 'code', 'Say hello');
    expect(answer).toBe('Hello from the model.');
    expect(works.map(({ model }) => model)).toEqual(['small']);
    expect(works[0]?.raw).toContain('You are the coder of this test.');
    expect(works[0]?.raw).toContain('Say hello');
    expect(works[0]?.headers.authorization).toBe(`Bearer ${SECRETS.BETA_KEY}`);
  });

  it('lets the agent be called by its name', async () => {
    const { answer, works } = await asks('--agent', 'coder', 'Say it again');
    expect(answer).toBe('Hello from the model.');
    expect(works[0]?.raw).toContain('You are the coder of this test.');
  });

  it('follows the pattern when it asks a running gateway', async () => {
    const gateway = await startGateway();
    try {
      await lattice('generate', '--gateway', gateway.url);
      env = { ...env, LATTICE_GATEWAY_KEY: gateway.key };
      const asked = coding.requests().length;
      for (const task of ['One', 'Two']) {
        const { answer, works } = await asks('--command', 'code', task);
        expect(answer).toBe('Hello from the model.');
        expect(works[0]?.raw).toContain('You are the coder of this test.');
      }
      const calls = gateway.calls();
      expect(calls).toHaveLength(coding.requests().length - asked);
      expect(calls.length).toBeGreaterThanOrEqual(PATTERN.length);
      expect(calls).toEqual(calls.map((_, index) => PATTERN[index % PATTERN.length]));
    } finally {
      await gateway.stop();
    }
    expect((await lattice('generate', '--gateway', gateway.url, '--check')).stdout).toContain('same');
  });

  /** A `lattice gateway` on a free port, and the models it was asked for in their order. */
  async function startGateway() {
    const child: ChildProcess = spawn(process.execPath, [cli, 'gateway', '--port', '0', '--json'], {
      cwd: coding.dir,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('The gateway has no stdout.');
    const models: string[] = [];
    const lines = createInterface({ input: child.stdout });
    const ready = once(lines, 'line', { signal: AbortSignal.timeout(30_000) });
    const [line] = await ready;
    const { openai_url: url, key } = JSON.parse(line).data;
    lines.on('line', (line) => models.push(JSON.parse(line).data.call.model));
    return {
      url,
      key,
      calls: () => models,
      async stop() {
        if (child.exitCode !== null) return;
        child.kill('SIGTERM');
        await once(child, 'exit');
      },
    };
  }
});
