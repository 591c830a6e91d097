import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dayOf } from '../../src-shared/routing/usage.ts';
import { addMeshCommands } from './mesh.ts';

const CONFIG = `
providers:
  openai: {env: OPENAI_API_KEY, local_budget: 50, model_caps: {gpt-4o: {daily_calls: 20}}}
  anthropic: {env: ANTHROPIC_API_KEY}
  ollama: {models: [a]}
agents:
  coder: {path: coder.md, description: Writes code, triggers: [/code, /do], routing: [openai/gpt-4o, ollama/a]}
  counter: {run: {command: [node, c.mjs]}}
`;

let home = '';
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'lattice-status-')));
  await mkdir(join(home, 'agents'));
  await mkdir(join(home, 'data/usage'), { recursive: true });
  await writeFile(join(home, 'lattice.yaml'), CONFIG);
  await writeFile(join(home, 'agents/coder.md'), 'Code.\n');
  vi.stubEnv('LATTICE_HOME', home);
  vi.stubEnv('OPENAI_API_KEY', 'set');
  vi.stubEnv('ANTHROPIC_API_KEY', '');
  vi.spyOn(process, 'cwd').mockReturnValue(home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(home, { recursive: true });
});

async function run(...argv: string[]): Promise<string> {
  const written: string[] = [];
  const spy = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const program = new Command('lattice').option('--json').option('--nats <url>').exitOverride();
  addMeshCommands(program);
  await program.parseAsync(['status', ...argv], { from: 'user' });
  spy.mockRestore();
  return written.join('');
}

describe('lattice status providers', () => {
  test('shows keys, what was used and what is left', async () => {
    const entry = {
      ...{
        id: 'a',
        time: new Date().toISOString(),
        agent: 'coder',
        provider: 'openai',
        model: 'openai/gpt-4o',
      },
      ...{ outcome: 'ok', input_tokens: 10, output_tokens: 10, usd: 1.5 },
    };
    await writeFile(join(home, `data/usage/${dayOf(Date.now())}.jsonl`), `${JSON.stringify(entry)}\n`);
    const lines = (await run('providers'))
      .split('\n')
      .map((line) => line.replaceAll(/ {2,}/g, ' | ').trimEnd());
    expect(lines.slice(0, 4)).toEqual([
      'Provider | Key | Calls today | This month | Limits',
      'openai | OPENAI_API_KEY | 1 | $1.50 | $48.50 of $50.00 left this month, gpt-4o: 19 of 20 calls left today',
      'anthropic | ANTHROPIC_API_KEY is not set | 0 | $0.00',
      'ollama | none needed | 0 | $0.00',
    ]);
    const { data } = JSON.parse(await run('providers', '--json'));
    expect(data.providers[0]).toMatchObject({ name: 'openai', key: { present: true }, month: { usd: 1.5 } });
    expect(JSON.stringify(data)).not.toContain('"set"');
  });
});

describe('lattice status agents', () => {
  test('shows triggers, models and how each runs', async () => {
    const lines = (await run('agents')).split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | ').trimEnd());
    expect(lines.slice(1, 3)).toEqual([
      'coder | model | /code /do | fallback over 2 | Writes code',
      'counter | command',
    ]);
    const { data } = JSON.parse(await run('agents', '--json'));
    expect(data.agents[0]).toMatchObject({
      triggers: ['/code', '/do'],
      models: ['openai/gpt-4o', 'ollama/a'],
    });
  });
});

describe('lattice status', () => {
  // Nothing listens there.
  beforeEach(() => vi.stubEnv('LATTICE_NATS_URL', 'nats://127.0.0.1:9'));

  test('tells of the project where no lattice can be reached', async () => {
    const yaml = `${CONFIG}vcs: {preset: git-stash}\n`;
    await writeFile(join(home, 'lattice.yaml'), yaml);
    execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: home });
    const lines = (await run()).split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | ').trimEnd());
    expect(lines[0]).toMatch(/^Lattice \| .*127\.0\.0\.1:9/);
    const at = lines.indexOf(`Project | ${home}`);
    expect(lines.slice(at + 1)).toEqual([
      'Providers openai | OPENAI_API_KEY | $50.00 of $50.00 left this month, gpt-4o: 20 of 20 calls left today',
      ' | anthropic | ANTHROPIC_API_KEY is not set',
      ' | ollama | none needed',
      'Agents | coder | model | /code /do',
      ' | counter | command',
      'Version | git-stash, main, no commit yet, 2 changed',
      '',
    ]);
    const { data } = JSON.parse(await run('--json'));
    expect(data).toMatchObject({
      lattice: null,
      unreachable: { code: 'not_connected' },
      project: {
        dir: home,
        agents: [{ name: 'coder', triggers: ['/code', '/do'] }, { name: 'counter' }],
        vcs: { preset: 'git-stash', at: 'main, no commit yet' },
        problems: [],
      },
    });
  });

  test('says what is wrong with a project, and still the rest', async () => {
    await writeFile(join(home, 'lattice.yaml'), `${CONFIG}vcs: {preset: git-stash}\n`);
    expect(await run()).toMatch(/Version {3}git-stash, .* is in no git working tree/);
    await writeFile(join(home, 'lattice.yaml'), 'agents: [');
    expect(await run()).toMatch(/warning {3}lattice\.yaml:1:\d+: /);
  });

  test('fails without a project, and for a lattice that was named', async () => {
    await expect(run('--nats', 'nats://127.0.0.1:9')).rejects.toMatchObject({ code: 'not_connected' });
    await rm(join(home, 'lattice.yaml'));
    await expect(run()).rejects.toMatchObject({ code: 'not_connected' });
  });
});
