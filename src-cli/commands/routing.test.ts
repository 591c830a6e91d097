import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addRoutingCommands } from './routing.ts';

const CONFIG = `
providers:
  anthropic: { env: ANTHROPIC_API_KEY }
  openai: { env: OPENAI_API_KEY, local_budget: 50 }
  ollama: { models: [llama3.1:8b], base_url: 'http://127.0.0.1:1/v1' }
defaults:
  routing: [anthropic/claude-sonnet-4-5, ollama/llama3.1:70b]
agents:
  implementer:
    path: implementer.md
    triggers: [/implement, /code]
    routing:
      strategy: pattern
      pattern: [ollama/llama3.1:8b, ollama/llama3.1:8b, ollama/llama3.1:8b, openai/gpt-4o]
  drafter:
    path: drafter.md
    triggers: [/draft]
    routing: { strategy: burst, iterate: ollama/llama3.1:8b, final: anthropic/claude-opus-4-5, final_trigger: finalize }
  experimental:
    path: experimental.md
    routing: { strategy: weighted, weights: { anthropic/claude-sonnet-4-5: 50, ollama/llama3.1:8b: 50 } }
  stuck:
    path: stuck.md
    routing: [openai/gpt-4o]
`;

let home = '';
let project = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lattice-cli-'));
  project = join(home, 'project');
  await mkdir(join(project, 'deep'), { recursive: true });
  await writeFile(join(project, 'lattice.yaml'), CONFIG);
  vi.stubEnv('LATTICE_HOME', home);
  vi.stubEnv('ANTHROPIC_API_KEY', 'set');
  vi.stubEnv('OPENAI_API_KEY', '');
  vi.spyOn(process, 'cwd').mockReturnValue(join(project, 'deep'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(home, { recursive: true });
});

/** Runs the command line and gives what it wrote to stdout. */
async function run(...argv: string[]): Promise<string> {
  const written: string[] = [];
  const spy = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const program = new Command('lattice').option('--json').exitOverride();
  addRoutingCommands(program);
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

const json = async (...argv: string[]) => JSON.parse(await run(...argv, '--json')).data;

const stateIs = async (routing_state: object, rest: object = {}) => {
  await mkdir(join(home, 'data'), { recursive: true });
  await writeFile(join(home, 'data', 'state.json'), JSON.stringify({ routing_state, ...rest }));
};

describe('lattice route', () => {
  test('shows the model of a trigger without calling it', async () => {
    expect(await run('route', '/code fix the parser')).toBe(
      '/code → implementer  pattern 3:1\n\nollama/llama3.1:8b (slot 1 of 4, free)\n',
    );
    expect((await json('routing')).agents[0].state.call_count).toBe(0);
  });

  test('passes over a model that the Ollama of this machine does not have', async () => {
    const ollama = createServer((_request, response) => response.end('{"models":[{"name":"other:1b"}]}'));
    ollama.listen(0, '127.0.0.1');
    await once(ollama, 'listening');
    const { port } = ollama.address() as AddressInfo;
    await writeFile(join(project, 'lattice.yaml'), CONFIG.replace(':1/v1', `:${port}/v1`));
    try {
      const text = await run('route', '/code', '--explain');
      expect(text).toContain('llama3.1:8b is not installed in ollama');
    } finally {
      ollama.close();
    }
  });

  test('looks ahead from where the routing stands and says why', async () => {
    await stateIs({ implementer: { strategy: 'pattern', call_count: 2, pattern_index: 2 } });
    const text = await run('route', '/code', '--next', '3', '--explain');
    expect(text.replaceAll(/(?<=\S) {2,}/g, '  ').split('\n')).toEqual([
      '/code → implementer  pattern 3:1',
      '',
      '#  Model  Why  Cost',
      '1  ollama/llama3.1:8b  slot 3 of 4  free',
      '     ✓ ollama/llama3.1:8b  slot 3 of 4',
      '     · openai/gpt-4o  its slots come later',
      '2  ollama/llama3.1:8b  slot 4 out, slot 1 of 4  free',
      '     ✕ openai/gpt-4o  slot 4 of 4, but OPENAI_API_KEY is not set',
      '     ✓ ollama/llama3.1:8b  slot 1 of 4',
      '3  ollama/llama3.1:8b  slot 2 of 4  free',
      '     ✓ ollama/llama3.1:8b  slot 2 of 4',
      '     · openai/gpt-4o  its slots come later',
      '',
      'Expected cost  $0.00',
      '',
    ]);
  });

  test('says reasons that do not change once', async () => {
    const text = await run('route', 'stuck', '--next', '5', '--explain');
    expect(text.match(/OPENAI_API_KEY is not set/g)).toHaveLength(1);
    expect(text).toContain('Expected cost  $0.00, 5 without a model');
  });

  test('gives the text of the request to the routing', async () => {
    const [iterate] = (await json('route', '/draft', 'a poem')).calls;
    const [final] = (await json('route', '/draft', 'now finalize it')).calls;
    expect([iterate.model, final.model]).toEqual(['ollama/llama3.1:8b', 'anthropic/claude-opus-4-5']);
    expect(final.expected_usd).toBeGreaterThan(0);
  });

  test('explains by itself when there is no model', async () => {
    expect(await run('route', 'stuck')).toContain('✕ openai/gpt-4o  OPENAI_API_KEY is not set');
  });

  test.each(['/nobody', 'implement', '/'])(
    '%s is answered by nobody, and it says who there is',
    async (request) => {
      await expect(run('route', request)).rejects.toMatchObject({
        code: 'not_found',
        hint: 'There are /implement, /code, /draft, experimental, stuck.',
      });
    },
  );

  test.each(['0', '-1', '1001', 'x', '1e2', ''])('%o calls cannot be', async (count) => {
    await expect(run('route', '/code', '--next', count)).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
  });

  test('without a lattice.yaml says how to write one', async () => {
    await rm(join(project, 'lattice.yaml'));
    await expect(run('route', '/code')).rejects.toMatchObject({
      code: 'not_found',
      hint: 'Write one with lattice init.',
    });
  });

  test('names what is wrong in lattice.yaml and goes on with the rest', async () => {
    await writeFile(
      join(project, 'lattice.yaml'),
      `${CONFIG}  broken:\n    path: b.md\n    routing: { strategy: magic }\n`,
    );
    expect(await run('route', '/code')).toMatch(/\nwarning lattice\.yaml:\d+:\d+: /);
    expect((await json('route', '/code')).problems).toHaveLength(1);
  });
});

describe('lattice routing', () => {
  test('shows where every agent stands and what is paused', async () => {
    await stateIs(
      {
        implementer: { strategy: 'pattern', call_count: 47, pattern_index: 2 },
        experimental: {
          strategy: 'weighted',
          call_count: 31,
          distribution: { 'anthropic/claude-sonnet-4-5': 17, 'ollama/llama3.1:8b': 14 },
        },
      },
      {
        cool_downs: {
          'openai/gpt-4o': { cause: 'rate_limit', since: 0, last: 0, until: Date.now() + 60_900, strikes: 3 },
        },
      },
    );
    const text = await run('routing');
    expect(text).toContain(
      'implementer (pattern 3:1)\n  Position: 2/4\n  Next model: ollama/llama3.1:8b\n  Calls today: 0\n',
    );
    expect(text).toContain(
      '  Distribution: claude-sonnet-4-5=17, llama3.1:8b=14\n  Shares: claude-sonnet-4-5 55% of 50%, llama3.1:8b 45% of 50%\n',
    );
    expect(text).toContain('drafter (burst until "finalize")\n  Position: 0 of the burst\n');
    expect(text).toContain(
      'stuck (fallback over 1)\n  Next model: No model of this routing can be used now.\n',
    );
    expect(text).toContain(
      'Paused\n  openai/gpt-4o  limits its rate, tried again in 1 min, 3 failures in a row\n',
    );
  });

  test('reset puts one agent or all back', async () => {
    const state = { strategy: 'pattern', call_count: 5, pattern_index: 1 };
    await stateIs({ implementer: state, stuck: { ...state, strategy: 'fallback' } });
    expect(await run('routing', 'reset', 'implementer')).toBe('Back at the first position: implementer.\n');
    expect(await json('routing', 'reset')).toMatchObject({ reset: ['stuck'] });
    expect(await run('routing', 'reset')).toBe('No agent has routed a call yet.\n');
    await expect(run('routing', 'reset', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a damaged state is said and does not stop it', async () => {
    await mkdir(join(home, 'data'), { recursive: true });
    await writeFile(join(home, 'data', 'state.json'), '{');
    expect(await run('routing')).toContain('is damaged. It will be set aside at the next call.');
    expect(await run('routing', 'reset')).toContain('It was set aside as state.json.damaged-');
  });
});
