import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, chat, type GatewaySetup, PROVIDER_KEYS, setUpGateway } from './testing/gateway-setup.ts';

let setup: GatewaySetup;
afterEach(() => setup[Symbol.asyncDispose]());

const PLAIN = { agents: { coder: { routing: ['alpha/one'] }, writer: { routing: ['beta/two'] } } };

/** A request with headers that fetch would not send. */
async function raw(url: string, headers: Record<string, string>, method = 'POST', body = '{}') {
  const request = httpRequest(url, { method, headers });
  request.end(body);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text, headers: response.headers };
}

describe('the gateway lets in', () => {
  test('nobody without a key, with a wrong one, or with one whose run is over', async () => {
    setup = await setUpGateway(PLAIN);
    const grant = await setup.grant();
    const url = `${grant.openaiUrl}/chat/completions`;
    const wrong = { ...grant, key: `${grant.key.slice(0, -1)}!` };
    for (const key of ['', 'x', wrong.key, `${grant.key}x`, '\u00e9'])
      expect((await raw(url, { 'x-api-key': key })).status, key).toBe(401);
    expect((await raw(url, {})).status).toBe(401);
    expect((await raw(url, { authorization: `Basic ${grant.key}` })).status).toBe(401);
    expect((await ask(grant, chat())).status).toBe(200);
    await grant[Symbol.asyncDispose]();
    expect((await ask(grant, chat())).status).toBe(401);
    expect(setup.alpha.requests).toHaveLength(1);
  });

  test('no page of the web and no name but loopback', async () => {
    setup = await setUpGateway(PLAIN);
    const { key, openaiUrl } = await setup.grant();
    const url = `${openaiUrl}/chat/completions`;
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1.evil.example' },
      { host: 'evil.example' },
      { host: 'evil.example:80' },
      { host: '127.0.0.1@evil.example' },
    ];
    for (const headers of foreign) {
      const answer = await raw(url, { 'x-api-key': key, ...headers }, 'POST', JSON.stringify(chat()));
      expect(answer.status, JSON.stringify(headers)).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const preflight = await raw(url, { origin: 'https://evil.example' }, 'OPTIONS');
    expect(preflight.status).toBe(403);
    const own = await raw(
      url,
      { 'x-api-key': key, host: 'localhost:1', origin: 'http://localhost:5173' },
      'POST',
      JSON.stringify(chat()),
    );
    expect(own.status).toBe(200);
  });

  test('keys of a run to its own agent only, whatever name its runtime has for small calls', async () => {
    setup = await setUpGateway(PLAIN);
    const grant = await setup.grant('coder');
    for (const model of ['lattice/coder', 'coder', 'claude-haiku-4-5', 'gpt-5.2-mini'])
      expect((await ask(grant, chat('hi', { model }))).text, model).toContain('from alpha');
    const other = await ask(grant, chat('hi', { model: 'lattice/writer' }));
    expect(other.status).toBe(403);
    expect(other.text).toContain('This key is for lattice/coder, not for lattice/writer.');
    await expect(setup.grant('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('one key of a person to every agent', async () => {
    setup = await setUpGateway(PLAIN);
    const seen: string[] = [];
    const access = await setup.gateway.open((call, agent) => seen.push(`${agent} ${call.status}`));
    expect((await ask(access, chat('hi', { model: 'lattice/writer' }))).text).toContain('from beta');
    expect((await ask(access, chat('hi', { model: 'coder' }))).text).toContain('from alpha');
    const unknown = await ask(access, chat('hi', { model: 'gpt-5' }));
    expect(unknown.status).toBe(404);
    expect(unknown.text).toContain('There are lattice/coder, lattice/writer.');
    const models = await fetch(`${access.openaiUrl}/models`, { headers: { 'x-api-key': access.key } });
    const { data } = (await models.json()) as { data: { id: string }[] };
    expect(data.map((model) => model.id)).toEqual(['lattice/coder', 'lattice/writer']);
    await access[Symbol.asyncDispose]();
    expect(seen).toContain('writer ok');
  });
});

describe('rubbish from a client', () => {
  test('is refused in words', async () => {
    setup = await setUpGateway(PLAIN);
    const { key, openaiUrl } = await setup.grant();
    const send = (body: string, headers = {}, path = '/chat/completions', method = 'POST') =>
      raw(`${openaiUrl}${path}`, { 'x-api-key': key, ...headers }, method, body);
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '"x"',
      '{"messages":[]}',
      '{"model":1}',
      '{"model":"x","stream":"yes"}',
    ])
      expect((await send(body)).status, body).toBe(400);
    expect((await send('{}', { 'content-encoding': 'zstd' })).text).toContain('packed with zstd');
    expect((await send('{}', {}, '/embeddings')).status).toBe(404);
    expect((await send('{}', {}, '/../../etc/passwd')).status).toBe(404);
    expect((await send('', {}, '/chat/completions', 'GET')).status).toBe(405);
    expect((await send('{}', {}, '/__proto__')).status).toBe(404);
    expect(setup.alpha.requests).toHaveLength(0);
    expect(setup.problems).toEqual([]);
  });

  test('of more than 32 MB is refused before it is read whole', async () => {
    setup = await setUpGateway(PLAIN);
    const { key, openaiUrl } = await setup.grant();
    const request = httpRequest(`${openaiUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': key },
    });
    request.on('error', () => undefined);
    const answered = once(request, 'response');
    const piece = Buffer.alloc(1_048_576, 'x');
    for (let mb = 0; mb < 34; mb++) request.write(piece);
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  test('that is no HTTP ends the connection and nothing else', async () => {
    setup = await setUpGateway(PLAIN);
    const grant = await setup.grant();
    const socket = connect(Number(new URL(grant.openaiUrl).port), '127.0.0.1');
    socket.write('\u0000\u0001\u0002 rubbish\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await ask(grant, chat())).status).toBe(200);
  });

  test('is counted for count_tokens without calling anybody', async () => {
    setup = await setUpGateway(PLAIN);
    const grant = await setup.grant();
    const body = { model: 'lattice/coder', messages: [{ role: 'user', content: 'x'.repeat(400) }] };
    const answer = await ask(grant, body, { path: '/messages/count_tokens' });
    expect(JSON.parse(answer.text)).toEqual({ input_tokens: 101 });
    expect(setup.alpha.requests).toHaveLength(0);
  });
});

test('no key is in what is told of calls, in the log, or in headers of an answer', async () => {
  setup = await setUpGateway(PLAIN);
  setup.alpha.script = (request) => ({ status: 400, message: `bad ${request.headers.authorization}` });
  const grant = await setup.grant();
  const answer = await ask(grant, chat());
  await grant[Symbol.asyncDispose]();
  const told = [
    answer.text,
    ...answer.headers.values(),
    JSON.stringify([setup.calls, setup.bill(), setup.problems]),
  ];
  for (const key of [grant.key, ...Object.values(PROVIDER_KEYS)])
    for (const text of told) expect(text).not.toContain(key);
  expect(JSON.stringify(setup.alpha.requests[0]?.headers)).toContain(PROVIDER_KEYS.ALPHA_KEY);
});
