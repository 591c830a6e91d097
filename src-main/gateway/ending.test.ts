import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask, chat, type GatewaySetup, setUpGateway } from './testing/gateway-setup.ts';

let setup: GatewaySetup;
afterEach(() => setup[Symbol.asyncDispose]());

const PLAIN = { agents: { coder: { routing: ['alpha/one', 'beta/two'] } } };
const WAIT = { timeout: 5_000, interval: 10 };

/** An answer that stays open after its first piece. */
function holdOpen() {
  let release = () => undefined as undefined;
  const held = new Promise<void>((resolve) => {
    release = () => void resolve();
  });
  setup.alpha.script = () => ({
    text: ['first', 'second'],
    gate: (piece) => (piece === 0 ? Promise.resolve() : held),
  });
  return { release };
}

/** Asks and resolves with the response when the first piece is there. */
async function begin(grant: { key: string; openaiUrl: string }) {
  const request = httpRequest(`${grant.openaiUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${grant.key}` },
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify(chat()));
  const [response]: [IncomingMessage] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  await once(response, 'data');
  return { request, response };
}

describe('a call ends', () => {
  test('when its client goes: the provider is let go and what was used is counted', async () => {
    setup = await setUpGateway(PLAIN);
    const { release } = holdOpen();
    const grant = await setup.grant();
    const { request } = await begin(grant);
    request.destroy();
    await setup.alpha.requests[0]?.aborted;
    await vi.waitFor(() => expect(setup.calls.at(-1)?.status).toBe('cancelled'), WAIT);
    expect(setup.calls.at(-1)).toMatchObject({ estimated: true, output_tokens: 2 });
    expect(setup.bill()).toEqual([expect.objectContaining({ outcome: 'cancelled', tokens_estimated: true })]);
    release();
    expect(setup.beta.requests).toHaveLength(0);
    expect((await ask(grant, chat())).status).toBe(200);
  });

  test('when the client goes before anything came back, and the next model is not asked', async () => {
    setup = await setUpGateway(PLAIN);
    setup.alpha.script = (request) => ({ raw: () => request.aborted });
    const grant = await setup.grant();
    const leaving = new AbortController();
    const asking = ask(grant, chat(), { signal: leaving.signal }).catch(() => 'left');
    await vi.waitFor(() => expect(setup.alpha.requests).toHaveLength(1), WAIT);
    leaving.abort();
    expect(await asking).toBe('left');
    await vi.waitFor(() => expect(setup.calls.at(-1)?.status).toBe('cancelled'), WAIT);
    expect(setup.beta.requests).toHaveLength(0);
  });

  test('when the run is cancelled, and its key is worth nothing from then on', async () => {
    setup = await setUpGateway(PLAIN);
    const { release } = holdOpen();
    const run = new AbortController();
    const grant = await setup.grant('coder', { signal: run.signal });
    const { response } = await begin(grant);
    const closed = new Promise((resolve) => response.once('close', resolve));
    run.abort();
    await closed;
    await setup.alpha.requests[0]?.aborted;
    release();
    expect((await ask(grant, chat())).status).toBe(401);
  });

  test('when its grant is disposed, which waits until it is counted', async () => {
    setup = await setUpGateway(PLAIN);
    const { release } = holdOpen();
    const grant = await setup.grant();
    await begin(grant);
    await grant[Symbol.asyncDispose]();
    expect(setup.calls.at(-1)?.status).toBe('cancelled');
    expect(setup.bill()).toHaveLength(1);
    release();
  });

  test('when the gateway ends, and no socket is left', async () => {
    setup = await setUpGateway(PLAIN);
    const grant = await setup.grant();
    await ask(grant, chat());
    const { release } = holdOpen();
    const { response } = await begin(grant);
    const closed = new Promise((resolve) => response.once('close', resolve));
    await setup.gateway[Symbol.asyncDispose]();
    await closed;
    release();
    await vi.waitFor(async () => expect(await setup.alpha.connections()).toBe(0), WAIT);
    await expect(ask(grant, chat())).rejects.toThrow();
    await expect(setup.grant()).rejects.toMatchObject({ code: 'io_failed' });
  });
});

describe('an answer too large', () => {
  const piece = (size: number) => `data: {"choices":[{"delta":{"content":"${'x'.repeat(size)}"}}]}\n\n`;
  const send = (response: ServerResponse, text: string) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${text}data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`);
  };

  test('of 10 MB in one token passes through, and is estimated', async () => {
    setup = await setUpGateway(PLAIN);
    setup.alpha.script = () => ({ raw: (response) => send(response, piece(10_000_000)) });
    const grant = await setup.grant();
    const answer = await ask(grant, chat());
    expect(answer.text.startsWith(piece(10_000_000))).toBe(true);
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
    await grant[Symbol.asyncDispose]();
    expect(setup.calls.at(-1)).toMatchObject({ status: 'ok', estimated: true });
  });

  test("to translate is refused in the client's format", async () => {
    setup = await setUpGateway(PLAIN);
    setup.alpha.script = () => ({ raw: (response) => send(response, piece(10_000_000)) });
    const body = { model: 'x', max_tokens: 10, stream: true, messages: [{ role: 'user', content: 'hi' }] };
    const answer = await ask(await setup.grant(), body, { path: '/messages' });
    expect(answer.text).toMatch(/more than 4 MB/);
    expect(answer.text.length).toBeLessThan(2_000);
  });

  test('for its client is not read faster than the client takes it', async () => {
    setup = await setUpGateway(PLAIN);
    let sent = 0;
    let stalled = false;
    setup.alpha.script = () => ({
      raw: async (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (; sent < 200 && !response.destroyed; sent++) {
          if (response.write(piece(100_000))) continue;
          stalled = true;
          await once(response, 'drain');
          stalled = false;
        }
        response.end('data: [DONE]\n\n');
      },
    });
    const { response } = await begin(await setup.grant());
    response.pause();
    let before = -1;
    await vi.waitFor(
      () => {
        const still = stalled && sent === before;
        before = sent;
        expect(still).toBe(true);
      },
      { timeout: 5_000, interval: 100 },
    );
    expect(sent).toBeLessThan(180);
    response.resume();
    await once(response, 'end');
    expect(sent).toBe(200);
  });
});
