import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LocalModels } from './local-models.ts';

const open: Disposable[] = [];
afterEach(() => {
  for (const thing of open.splice(0).reverse()) thing[Symbol.dispose]();
});

/** A server on loopback that answers every path with the same. */
async function server(status: number, body: string, asked: string[] = []): Promise<string> {
  const http = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  open.push({ [Symbol.dispose]: () => void http.close() });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/v1`;
}

function locals(providers: Record<string, unknown>, now?: () => number): LocalModels {
  const models = new LocalModels({ providers: () => providers, ...(now ? { now } : {}) });
  open.push(models);
  return models;
}

describe('the models of this machine', () => {
  it('are those that Ollama has, the latest also without its tag', async () => {
    const asked: string[] = [];
    const tags = JSON.stringify({ models: [{ name: 'llama3.1:8b' }, { name: 'qwen3:latest' }] });
    const models = locals({ ollama: { base_url: await server(200, tags, asked) } });
    await models.look();
    expect(models.installed('ollama')).toEqual(['llama3.1:8b', 'qwen3:latest', 'qwen3']);
    expect(asked).toEqual(['/api/tags']);
  });

  it('are asked for again when what is known is old', async () => {
    let now = 0;
    const asked: string[] = [];
    const models = locals({ ollama: { base_url: await server(200, '{"models":[]}', asked) } }, () => now);
    await models.look();
    models.installed('ollama');
    expect(asked).toHaveLength(1);
    now = 20_000;
    models.installed('ollama');
    models.installed('ollama');
    await vi.waitFor(() => expect(asked).toHaveLength(2));
  });

  it.each([
    ['a server that is no Ollama', 404, 'not found'],
    ['rubbish', 200, '<html>'],
    ['another shape', 200, '{"models":{"a":1}}'],
  ])('are not known from %s', async (_what, status, body) => {
    const models = locals({ mine: { base_url: await server(status, body) } });
    await models.look();
    expect(models.installed('mine')).toBeUndefined();
  });

  it('are never asked for beyond this machine, with a key, or of a provider that nobody knows', async () => {
    const reach = vi.spyOn(globalThis, 'fetch');
    const models = locals({
      openai: null,
      far: { base_url: 'http://192.0.2.1:11434/v1' },
      keyed: { base_url: 'http://127.0.0.1:9/v1', env: 'KEY' },
      unknown: {},
    });
    await models.look();
    expect(reach).not.toHaveBeenCalled();
    reach.mockRestore();
  });
});
