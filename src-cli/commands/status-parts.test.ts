import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dayOf } from '../../src-shared/routing/usage.ts';
import { addStatusParts } from './status-parts.ts';

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
  const program = new Command('lattice').option('--json').exitOverride();
  addStatusParts(program);
  await program.parseAsync(argv, { from: 'user' });
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
    const { data } = JSON.parse(await run('--json', 'providers'));
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
    const { data } = JSON.parse(await run('--json', 'agents'));
    expect(data.agents[0]).toMatchObject({
      triggers: ['/code', '/do'],
      models: ['openai/gpt-4o', 'ollama/a'],
    });
  });
});
