import { createServer } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ScriptedReply } from '../testing/model-provider.ts';
import { ask, chat, type GatewaySetup, PROVIDER_KEYS, setUpGateway } from './testing/gateway-setup.ts';

let setup: GatewaySetup;
afterEach(() => setup[Symbol.asyncDispose]());

const CHAIN = { agents: { coder: { routing: ['alpha/one', 'beta/two'] } } };
const FAST = { headersMs: 300, wholeMs: 300, silenceMs: 300 };
const html: ScriptedReply = {
  raw(response) {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>Sign in</html>');
  },
};

describe('a model that fails before its answer begins hands the call to the next one', () => {
  const failures: [string, ScriptedReply, RegExp][] = [
    ['limits its rate', { status: 429, message: 'slow down', retryAfter: 7 }, /answered 429: slow down/],
    ['limits its rate and says come back at once', { status: 429, retryAfter: 0 }, /answered 429/],
    ['is broken', { status: 500, message: 'oops' }, /answered 500: oops/],
    ['is overloaded', { status: 529 }, /answered 529/],
    ['does not know our key', { status: 401, message: 'bad key' }, /answered 401/],
    ['forbids it', { status: 403 }, /answered 403/],
    ['does not know the model', { status: 404 }, /answered 404/],
    ['asks for money', { status: 402 }, /answered 402/],
    [
      'says in words that the money is used up',
      { status: 400, message: 'You have reached your usage limits. You will regain access on 2026-12-01.' },
      /usage limits/,
    ],
    ['answers with a page', html, /answered with text\/html/],
    [
      'redirects elsewhere',
      { status: 307, headers: { location: 'https://evil.example/v1/chat/completions' } },
      /redirects to https:\/\/evil\.example, which is not followed/,
    ],
    [
      'breaks before the first piece',
      { text: 'never', breakAfter: 0 },
      /closed the connection|could not be reached/,
    ],
    ['does not answer in time', { delayMs: 800 }, /did not answer in 0 s/],
    [
      'says 200 and then an error',
      {
        raw(response) {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end('data: {"error":{"message":"no capacity","type":"server_error"}}\n\n');
        },
      },
      /reported an error: no capacity/,
    ],
    [
      'says 200 with an error as JSON',
      {
        raw(response) {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('{"error":{"message":"quota","code":"insufficient_quota"}}');
        },
      },
      /reported an error: quota/,
    ],
    [
      'ends without an answer',
      {
        raw(response) {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(': nothing\n\n');
        },
      },
      /ended its stream in the middle/,
    ],
    [
      'answers with JSON that is none of a model',
      {
        raw(response) {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('{"hello":"world"}');
        },
      },
      /JSON that is no answer of a model/,
    ],
  ];
  test.each(failures)('when it %s', async (_what, reply, reason) => {
    setup = await setUpGateway({ ...CHAIN, timeouts: FAST });
    setup.alpha.script = () => reply;
    const grant = await setup.grant();
    const answer = await ask(grant, chat());
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('from beta');
    await grant[Symbol.asyncDispose]();
    expect(setup.calls.at(-1)).toMatchObject({
      model: 'beta/two',
      status: 'ok',
      passed_over: [{ model: 'alpha/one', reason: expect.stringMatching(reason) }],
    });
    expect(setup.alpha.requests).toHaveLength(1);
    expect(setup.beta.requests).toHaveLength(1);
  });

  test('when nothing listens there', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const address = gone.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => gone.close(resolve));
    setup = await setUpGateway({
      ...CHAIN,
      providers: { alpha: { base_url: `http://127.0.0.1:${port}/v1` } },
    });
    const answer = await ask(await setup.grant(), chat());
    expect(answer.text).toContain('from beta');
    expect(setup.calls.at(-1)?.passed_over[0]?.reason).toBe('refused the connection');
  });

  test('and the next call leaves it alone for as long as it asked', async () => {
    setup = await setUpGateway(CHAIN);
    setup.alpha.script = () => ({ status: 429, retryAfter: 120 });
    const grant = await setup.grant();
    await ask(grant, chat());
    await ask(grant, chat());
    expect(setup.alpha.requests).toHaveLength(1);
    expect(setup.calls.at(-1)?.passed_over).toEqual([
      { model: 'alpha/one', reason: expect.stringMatching(/limits its rate, free again in 2 min|1 min/) },
    ]);
    expect(setup.rateLimits).toEqual([
      expect.objectContaining({ model: 'alpha/one', workId: 'work-1', retryAfterMs: 120_000 }),
    ]);
  });
});

describe('a call that no model can take', () => {
  test('says which were tried, when to come back, and does not name a key', async () => {
    setup = await setUpGateway(CHAIN);
    setup.alpha.script = () => ({ status: 429, retryAfter: 9 });
    setup.beta.script = () => ({ status: 401, message: `Incorrect key ${PROVIDER_KEYS.BETA_KEY}` });
    const grant = await setup.grant();
    const answer = await ask(grant, chat());
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.text).toMatch(/alpha\/one.*429.*beta\/two.*401/);
    await grant[Symbol.asyncDispose]();
    for (const told of [answer.text, JSON.stringify(setup.calls)])
      for (const key of [...Object.values(PROVIDER_KEYS), grant.key]) expect(told).not.toContain(key);
  });

  test('because the request is wrong goes back as the provider said it, and nothing is tried again', async () => {
    setup = await setUpGateway(CHAIN);
    setup.alpha.script = () => ({ status: 400, message: 'messages: too many' });
    const answer = await ask(await setup.grant(), chat());
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { message: 'messages: too many' } });
    expect(setup.beta.requests).toHaveLength(0);
    setup.alpha.script = () => ({ text: 'better' });
    expect((await ask(await setup.grant(), chat())).text).toContain('better');
  });

  test('with on_unavailable: retry is told when to come back, and its slot stays', async () => {
    setup = await setUpGateway({
      agents: {
        coder: {
          routing: { strategy: 'pattern', pattern: ['alpha/one', 'beta/two'], on_unavailable: 'retry' },
        },
      },
    });
    setup.alpha.script = (_request, index) =>
      index === 0 ? { status: 429, retryAfter: 1 } : { text: 'alpha again' };
    const grant = await setup.grant();
    const first = await ask(grant, chat());
    expect(first.status).toBe(429);
    expect(first.headers.get('retry-after')).toBe('1');
    const again = async () => expect((await ask(grant, chat())).text).toContain('alpha again');
    await vi.waitFor(again, { timeout: 5_000, interval: 50 });
    expect((await ask(grant, chat())).text).toContain('from beta');
  });
});

describe('a slot whose model fails', () => {
  const rotate = (more: object) => ({
    agents: {
      coder: { routing: { strategy: 'pattern', pattern: ['alpha/one', 'beta/two', 'beta/three'], ...more } },
    },
  });

  test('is used up by the call, which takes the next slot', async () => {
    setup = await setUpGateway(rotate({}));
    setup.alpha.script = () => ({ status: 500 });
    const grant = await setup.grant();
    await ask(grant, chat());
    await ask(grant, chat());
    await ask(grant, chat());
    expect(setup.beta.requests.map((request) => request.model)).toEqual(['two', 'three', 'two']);
  });

  test('is filled by a stand-in where the routing says so', async () => {
    setup = await setUpGateway(rotate({ on_unavailable: 'fallback', fallback_models: ['beta/spare'] }));
    setup.alpha.script = () => ({ status: 500 });
    const grant = await setup.grant();
    for (let call = 0; call < 4; call++) await ask(grant, chat());
    expect(setup.beta.requests.map((request) => request.model)).toEqual(['spare', 'two', 'three', 'spare']);
    expect(setup.calls.at(-1)?.reason).toContain('stand-in 1 of 1');
  });
});

describe('a stream that breaks after the first piece', () => {
  const cut = { text: ['one ', 'two ', 'three'], breakAfter: 2 };

  test('is reported as an error in the stream and not begun again', async () => {
    setup = await setUpGateway(CHAIN);
    setup.alpha.script = () => cut;
    const grant = await setup.grant();
    const answer = await ask(grant, chat());
    expect(answer.text).toContain('one ');
    expect(answer.text).toContain('two ');
    const last = answer.text.trim().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.slice('data: '.length))).toMatchObject({
      error: { message: expect.stringMatching(/^The model closed the connection|could not be reached/) },
    });
    await grant[Symbol.asyncDispose]();
    expect(setup.beta.requests).toHaveLength(0);
    expect(setup.calls.at(-1)).toMatchObject({
      model: 'alpha/one',
      status: 'failed',
      estimated: true,
      output_tokens: 2,
    });
  });

  test('in the middle of an event never leaves half of one before the error', async () => {
    setup = await setUpGateway({ ...CHAIN, timeouts: FAST });
    setup.alpha.script = () => ({
      raw(response) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"choices":[{"delta":{"content":"whole"}}]}\n\ndata: {"choices":[{"del');
        response.socket?.destroySoon();
      },
    });
    const answer = await ask(await setup.grant(), chat());
    const events = answer.text.trim().split('\n\n');
    expect(events).toHaveLength(2);
    for (const event of events) expect(() => JSON.parse(event.slice('data: '.length))).not.toThrow();
  });

  test('that falls silent is ended with an error', async () => {
    setup = await setUpGateway({ ...CHAIN, timeouts: FAST });
    let open: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    setup.alpha.script = () => ({
      text: ['a', 'b'],
      gate: (piece) => (piece === 1 ? held : Promise.resolve()),
    });
    const answer = await ask(await setup.grant(), chat());
    expect(answer.text).toMatch(/sent nothing for 0 s/);
    open?.();
  });
});
