import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  expectNoLeak,
  findSecretsIn,
  findSecretsInText,
  makeSecret,
} from '../../src-main/testing/find-secrets.ts';
import { type ModelProvider, startModelProvider } from '../../src-main/testing/model-provider.ts';
import { addAgentCommands } from './agents.ts';
import { addAskCommands } from './ask.ts';
import { addMeshCommands } from './mesh.ts';

const KEY = makeSecret('sk-provider-');

let home = '';
let provider: ModelProvider;
let written: string[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lattice-cli-'));
  provider = await startModelProvider(() => ({
    text: 'Here is the plan.',
    usage: { input: 100, output: 20 },
  }));
  const project = join(home, 'project');
  await mkdir(join(project, 'agents'), { recursive: true });
  const providers = {
    here: { env: 'HERE_KEY', base_url: provider.openaiUrl, prices: { tiny: { input: 100, output: 1_000 } } },
    local: { base_url: provider.openaiUrl },
  };
  const agents = {
    architect: { path: 'architect.md', triggers: ['/plan'], routing: ['here/tiny'] },
    echo: { triggers: ['/echo'], run: { command: [process.execPath, '-e', ECHO] } },
  };
  await writeFile(join(project, 'lattice.yaml'), JSON.stringify({ providers, agents }));
  await writeFile(join(project, 'agents/architect.md'), 'You plan.');
  await writeFile(join(home, 'greeter.prompt'), GREETER);
  vi.stubEnv('LATTICE_HOME', home);
  vi.stubEnv('HERE_KEY', KEY);
  vi.stubEnv('NO_COLOR', '1');
  vi.spyOn(process, 'cwd').mockReturnValue(project);
  written = [];
  const keep = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await provider[Symbol.asyncDispose]();
  expectNoLeak([...findSecretsIn(home), ...findSecretsInText('the terminal', written.join(''))]);
  await rm(home, { recursive: true });
});

const ECHO = `process.stdin.once('data', (line) => { console.log(JSON.parse(line).task); process.exit(0); })`;
const GREETER = `---
name: greeter
model: local/tiny
input:
  schema:
    who: string
---
{{role "system"}}You greet.
{{role "user"}}Greet {{who}}.
`;

async function lattice(...argv: string[]): Promise<{ [key: string]: unknown }> {
  const program = new Command('lattice').option('--json').exitOverride();
  addMeshCommands(program);
  addAgentCommands(program);
  addAskCommands(program);
  await program.parseAsync([...argv, '--json'], { from: 'user' });
  return JSON.parse(written.join('')).data;
}

describe('lattice ask', () => {
  test('runs the agent of a trigger through routing, without a lattice', async () => {
    expect(await lattice('ask', '/plan the release')).toMatchObject({
      agent: 'architect',
      result: 'Here is the plan.',
      model_calls: [{ model: 'here/tiny', status: 'ok', usd: 0.03 }],
    });
    expect(provider.requests[0]?.body.messages).toEqual([
      { role: 'system', content: 'You plan.' },
      { role: 'user', content: 'the release' },
    ]);
    expect(provider.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test('runs a program of a trigger as well', async () => {
    expect(await lattice('ask', '/echo', 'hello')).toMatchObject({ agent: 'echo', result: 'hello' });
  });

  test('does not run an agent that asks first where nobody is there to answer', async () => {
    const careful = { approval: 'required', run: { command: [process.execPath, '-e', ECHO] } };
    await writeFile(join(home, 'project/lattice.yaml'), JSON.stringify({ agents: { careful } }));
    await expect(lattice('ask', 'careful', 'hello')).rejects.toThrow('Nobody is at the terminal');
  });

  test('says whom there is when nobody answers to it', async () => {
    await expect(lattice('ask', '/deploy now')).rejects.toMatchObject({
      code: 'not_found',
      message: 'No agent answers to /deploy.',
      hint: 'There are /plan, /echo, architect, echo.',
    });
  });
});

describe('lattice agent run', () => {
  test('runs one file with the model it names', async () => {
    expect(await lattice('agent', 'run', join(home, 'greeter.prompt'), '--input', 'who=Ann')).toMatchObject({
      agent: 'greeter',
      model_calls: [{ model: 'local/tiny' }],
    });
    expect(JSON.stringify(provider.requests[0]?.body.messages)).toContain('Greet Ann.');
  });

  test.each([
    ['an input that is missing', GREETER, [], /who is missing/],
    ['a file with mistakes', '---\nname: [\n---\n', ['--input', 'who=Ann'], /has mistakes/],
    ['a file without frontmatter', 'Hello', [], /has mistakes/],
  ])('refuses %s', async (_, text, more, message) => {
    await writeFile(join(home, 'greeter.prompt'), text);
    await expect(lattice('agent', 'run', join(home, 'greeter.prompt'), ...more)).rejects.toThrow(message);
  });

  test('says that a file is not there', async () => {
    await expect(lattice('agent', 'run', join(home, 'none.prompt'))).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('lattice status agents', () => {
  test('says which runtimes are installed, missing or broken, and what agents cost', async () => {
    const bin = join(home, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'opencode'), '#!/bin/sh\necho "opencode 1.18.33 (abc)"\n');
    await writeFile(join(bin, 'gemini'), '#!/bin/sh\nexit 9\n');
    for (const name of ['opencode', 'gemini']) await chmod(join(bin, name), 0o755);
    vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
    expect(await lattice('status', 'agents')).toMatchObject({
      runtimes: [
        { runtime: 'opencode', state: 'installed', version: '1.18.33' },
        { runtime: 'claude', state: 'missing', hint: expect.stringContaining('npm install') },
        { runtime: 'codex', state: 'missing' },
        { runtime: 'gemini', state: 'broken', hint: 'gemini does not run: 9.' },
      ],
      agents: [
        { name: 'architect', runner: 'model', models: ['here/tiny'], cost_class: 'paid' },
        { name: 'echo', runner: 'command' },
      ],
    });
  });
});
