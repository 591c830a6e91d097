import { afterEach, describe, expect, test } from 'vitest';
import { streamedAnswer } from '../testing/model-provider-formats.ts';
import { ask, chat, type GatewaySetup, PROVIDER_KEYS, setUpGateway } from './testing/gateway-setup.ts';

let setup: GatewaySetup;
afterEach(() => setup[Symbol.asyncDispose]());

const PLAIN = { agents: { coder: { routing: ['alpha/one', 'beta/two'] } } };

describe('a call in the format of its provider', () => {
  test('passes through byte by byte, with the key of the provider and without that of the run', async () => {
    setup = await setUpGateway(PLAIN);
    const grant = await setup.grant();
    const reply = { text: ['Hel', 'lo ', 'wörld'], usage: { input: 30, output: 7, cacheRead: 12 } };
    setup.alpha.script = () => reply;
    const raw =
      '{ "messages":[{"role":"user","content":"hi"}],\n "seed":1.0, "model" : "lattice/coder","stream":true}';
    const response = await fetch(`${grant.openaiUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${grant.key}`, 'content-type': 'application/json' },
      body: raw,
    });
    const sent = streamedAnswer('chat', 'one', reply);
    expect(await response.text()).toBe(sent.map((event) => event.text).join(''));
    const [request] = setup.alpha.requests;
    expect(request?.raw).toBe(
      '{ "messages":[{"role":"user","content":"hi"}],\n "seed":1.0, "model" : "one","stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(request?.headers.authorization).toBe(`Bearer ${PROVIDER_KEYS.ALPHA_KEY}`);
    expect(JSON.stringify(request?.headers)).not.toContain(grant.key);
    await grant[Symbol.asyncDispose]();
    expect(setup.calls.at(-1)).toMatchObject({
      model: 'alpha/one',
      status: 'ok',
      input_tokens: 30,
      output_tokens: 7,
      cache_read_tokens: 12,
      usd: 0.037,
      passed_over: [],
    });
    expect(setup.calls.map((call) => call.status)).toEqual(['running', 'running', 'ok']);
    expect(setup.problems).toEqual([]);
  });

  test('that is not streamed passes through as well', async () => {
    setup = await setUpGateway(PLAIN);
    const answer = await ask(await setup.grant(), chat('hi', { stream: false }));
    expect(JSON.parse(answer.text)).toMatchObject({ choices: [{ message: { content: 'from alpha' } }] });
    expect(answer.headers.get('x-lattice-model')).toBe('alpha/one');
  });
});
