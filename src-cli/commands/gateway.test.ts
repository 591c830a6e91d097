import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
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
import { addGatewayCommand } from './gateway.ts';

const KEY = makeSecret('sk-provider-');
const WAIT = { timeout: 10_000, interval: 10 };

let home = '';
let provider: ModelProvider;
let written: string[] = [];
let running: Promise<unknown> | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lattice-cli-'));
  provider = await startModelProvider(() => ({ text: 'hello', usage: { input: 100, output: 20 } }));
  await mkdir(join(home, 'project'));
  await writeFile(
    join(home, 'project', 'lattice.yaml'),
    `providers:
  here:
    env: HERE_KEY
    base_url: ${provider.openaiUrl}
    format: chat
    prices: { tiny: { input: 100, output: 1000 } }
agents:
  coder:
    path: coder.md
    routing: [here/tiny]
`,
  );
  vi.stubEnv('LATTICE_HOME', home);
  vi.stubEnv('HERE_KEY', KEY);
  vi.stubEnv('NO_COLOR', '1');
  vi.spyOn(process, 'cwd').mockReturnValue(join(home, 'project'));
  written = [];
  const keep = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(async () => {
  if (running !== undefined) {
    process.emit('SIGTERM', 'SIGTERM');
    await running;
  }
  running = undefined;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await provider[Symbol.asyncDispose]();
  // Its own key is shown once, because that is how a person gets it.
  const said = written.join('').replace(/lattice-[\w-]{43}/, '');
  expectNoLeak([...findSecretsIn(home), ...findSecretsInText('the terminal', said)]);
  await rm(home, { recursive: true });
});

async function start(...argv: string[]): Promise<void> {
  const program = new Command('lattice').option('--json').exitOverride();
  addGatewayCommand(program);
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  running = program.parseAsync(['gateway', ...argv], { from: 'user' });
  running.catch(() => {
    running = undefined;
  });
  await Promise.race([running, vi.waitFor(() => expect(written.join('')).toMatch(/Ctrl C|"ready"/), WAIT)]);
}

function call(base: string, key: string, model = 'lattice/coder') {
  return fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
  });
}

describe('lattice gateway', () => {
  test('prints where it is and one line for each call, and never the key of a provider', async () => {
    await start();
    const [, base = '', key = ''] = /OpenAI +(\S+)[\s\S]*Key +(\S+)/.exec(written.join('')) ?? [];
    const answer = await call(base, key);
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'hello' } }] });
    await vi.waitFor(
      () => expect(written.join('')).toMatch(/coder {2}here\/tiny {2}ok .*100 in, 20 out {2}about \$0\.03/),
      WAIT,
    );
    expect(written.join('')).not.toContain(KEY);
    expect(provider.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test('says the same as lines of JSON', async () => {
    await start('--json');
    const [ready = ''] = written;
    const { data } = JSON.parse(ready);
    expect(data).toMatchObject({ event: 'ready', models: ['lattice/coder'] });
    await call(data.openai_url, data.key);
    await vi.waitFor(() => expect(written).toHaveLength(2), WAIT);
    expect(JSON.parse(written[1] ?? '')).toMatchObject({
      ok: true,
      data: { event: 'call', agent: 'coder', call: { model: 'here/tiny', status: 'ok', usd: 0.03 } },
    });
  });

  test('keeps the key in a file of its own when it is asked to, and takes it away at the end', async () => {
    const file = join(home, 'gateway.key');
    await start('--key-file', file, '--json');
    const { data } = JSON.parse(written[0] ?? '');
    expect(data).toMatchObject({ key_file: file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const key = (await readFile(file, 'utf8')).trim();
    expect(written.join('')).not.toContain(key);
    expect((await call(data.openai_url, key)).status).toBe(200);
    process.emit('SIGTERM', 'SIGTERM');
    await running;
    running = undefined;
    await expect(stat(file)).rejects.toThrow();
    await expect(call(data.openai_url, key)).rejects.toThrow();
  });

  test('takes a change of lattice.yaml with the next call', async () => {
    await start('--json');
    const { data } = JSON.parse(written[0] ?? '');
    const file = join(home, 'project', 'lattice.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('  coder:', '  writer:'));
    await vi.waitFor(
      async () => expect((await call(data.openai_url, data.key, 'lattice/writer')).status).toBe(200),
      WAIT,
    );
    expect((await call(data.openai_url, data.key)).status).toBe(404);
  });

  test('does not start without an agent, on a port in use, or over a file that is there', async () => {
    const port = new URL(provider.openaiUrl).port;
    await expect(start('--port', port)).rejects.toMatchObject({ code: 'port_taken' });
    await expect(start('--port', '65536')).rejects.toThrow(/Use a port/);
    const file = join(home, 'there');
    await writeFile(file, 'mine');
    await expect(start('--key-file', file)).rejects.toMatchObject({ code: 'io_failed' });
    expect(await readFile(file, 'utf8')).toBe('mine');
    await writeFile(join(home, 'project', 'lattice.yaml'), 'name: nothing\n');
    await expect(start()).rejects.toMatchObject({ code: 'not_found' });
  });
});
