import { afterEach, describe, expect, test } from 'vitest';
import type { ScriptedReply } from '../testing/model-provider.ts';
import { AnswerMeter, streamSteps } from './answer-meter.ts';
import type { AnswerStep } from './formats/answer.ts';
import { wholeAnswer } from './formats/answer.ts';
import { ask, type GatewaySetup, setUpGateway } from './testing/gateway-setup.ts';
import { FORMAT_PATHS, readAnswer, type WireFormat, wireFormats } from './wire-format.ts';

let setup: GatewaySetup;
afterEach(() => setup[Symbol.asyncDispose]());

const PARAMETERS = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
const PIXEL = 'iVBORw0KGgo=';

/** The same conversation in each format: a system prompt, an image, two calls at once with their results, a tool. */
const conversations: Record<WireFormat, object> = {
  chat: {
    messages: [
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } },
          { id: 'c2', type: 'function', function: { name: 'read', arguments: '{"path":"b"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'A' },
      { role: 'tool', tool_call_id: 'c2', content: 'B' },
      { role: 'user', content: 'And now?' },
    ],
    tools: [
      { type: 'function', function: { name: 'read', description: 'Reads a file.', parameters: PARAMETERS } },
    ],
    tool_choice: 'required',
    max_tokens: 300,
    temperature: 0.5,
  },
  messages: {
    system: [{ type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hmm', signature: 'c2ln' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'c1', name: 'read', input: { path: 'a' } },
          { type: 'tool_use', id: 'c2', name: 'read', input: { path: 'b' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: 'A' },
          { type: 'tool_result', tool_use_id: 'c2', content: [{ type: 'text', text: 'B' }] },
          { type: 'text', text: 'And now?' },
        ],
      },
    ],
    tools: [{ name: 'read', description: 'Reads a file.', input_schema: PARAMETERS }],
    tool_choice: { type: 'any' },
    max_tokens: 300,
    temperature: 0.5,
  },
  responses: {
    instructions: 'Be short.',
    input: [
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}` },
        ],
      },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xyz' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
      { type: 'function_call', call_id: 'c1', name: 'read', arguments: '{"path":"a"}' },
      { type: 'function_call', call_id: 'c2', name: 'read', arguments: '{"path":"b"}' },
      { type: 'function_call_output', call_id: 'c1', output: 'A' },
      { type: 'function_call_output', call_id: 'c2', output: 'B' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'And now?' }] },
    ],
    tools: [
      { type: 'function', name: 'read', description: 'Reads a file.', parameters: PARAMETERS, strict: false },
    ],
    tool_choice: 'required',
    max_output_tokens: 300,
    temperature: 0.5,
  },
};

const REPLY: ScriptedReply = {
  thought: 'Let me think.',
  text: ['Hello ', 'wörld'],
  toolCalls: [
    { name: 'read', id: 'call_a', arguments: '{"path":"ä.txt"}', pieces: ['{"pa', 'th":"ä', '.txt"}'] },
    { name: 'write', id: 'call_b', arguments: { path: 'b', text: 'x' } },
  ],
  usage: { input: 120, output: 30, cacheRead: 20 },
};

const pairs = wireFormats.flatMap((to) => wireFormats.map((from): [WireFormat, WireFormat] => [to, from]));
const strangers = pairs.filter(([to, from]) => to !== from);

/** What a client of a format understands of an answer. */
function understood(format: WireFormat, stream: boolean, text: string) {
  const meter = new AnswerMeter();
  const steps: readonly AnswerStep[] = stream
    ? streamSteps(format, meter)(Buffer.from(text))
    : readAnswer(format, JSON.parse(text));
  return { ...wholeAnswer(steps), error: meter.error };
}

const body = (format: WireFormat, stream: boolean) => ({
  model: 'lattice/coder',
  stream,
  ...conversations[format],
});

describe.each(pairs)('a client that speaks %s before a provider that speaks %s', (to, from) => {
  test.each([true, false])('gets text, calls of tools and what they used; streamed: %s', async (stream) => {
    setup = await setUpGateway({ agents: { coder: { routing: ['alpha/one'] } }, alphaFormat: from });
    setup.alpha.script = () => REPLY;
    const grant = await setup.grant();
    const answer = await ask(grant, body(to, stream), { path: FORMAT_PATHS[to] });
    expect(answer.status, answer.text).toBe(200);
    const { use, ...rest } = understood(to, stream, answer.text);
    expect(rest).toEqual({
      text: 'Hello wörld',
      calls: [
        { id: 'call_a', name: 'read', arguments: expect.stringMatching(/^\{"path":"ä.txt"\}$/) },
        { id: 'call_b', name: 'write', arguments: '{"path":"b","text":"x"}' },
      ],
      stop: 'tool',
      error: undefined,
    });
    expect(use.output).toBe(to === 'chat' && from !== 'chat' && stream ? undefined : 30);
    await grant[Symbol.asyncDispose]();
    expect(setup.calls.at(-1)).toMatchObject({
      status: 'ok',
      input_tokens: 120,
      output_tokens: 30,
      cache_read_tokens: 20,
      usd: 0.15,
    });
  });
});

describe.each(strangers)('a request in %s', (to, from) => {
  test(`says the same in ${from}`, async () => {
    setup = await setUpGateway({ agents: { coder: { routing: ['alpha/one'] } }, alphaFormat: from });
    const answer = await ask(await setup.grant(), body(to, true), { path: FORMAT_PATHS[to] });
    const [request] = setup.alpha.requests;
    expect(request?.format).toBe(from);
    const { model, stream, stream_options, store, ...sent } = request?.body ?? {};
    expect([model, stream, from === 'chat' ? stream_options : store]).toEqual([
      'one',
      true,
      { chat: { include_usage: true }, responses: false, messages: undefined }[from],
    ]);
    expect(sent).toEqual(expectedIn(from));
    expect(answer.headers.get('x-lattice-notice')).toBe(to === 'chat' ? null : 'earlier%20thinking');
    expect(setup.calls.at(-1)?.dropped).toEqual(to === 'chat' ? undefined : ['earlier thinking']);
  });
});

/** The conversation as our translation words it: without thinking, and marked for the cache where that is asked for. */
function expectedIn(format: WireFormat): unknown {
  const sent = structuredClone(conversations[format]) as Record<string, unknown>;
  if (format === 'chat') return sent;
  if (format === 'responses') {
    const input = (sent.input as { type: string }[]).filter((item) => item.type !== 'reasoning');
    return { ...sent, input };
  }
  const messages = sent.messages as { content: { type: string; content?: unknown }[] }[];
  return {
    ...sent,
    messages: messages.map((message, place) => ({
      ...message,
      content: message.content
        .filter((block) => block.type !== 'thinking')
        .map((block) =>
          typeof block.content === 'string'
            ? { ...block, content: [{ type: 'text', text: block.content }] }
            : block,
        )
        .map((block, index, all) =>
          place === messages.length - 1 && index === all.length - 1
            ? { ...block, cache_control: { type: 'ephemeral' } }
            : block,
        ),
    })),
  };
}

describe('across formats', () => {
  test.each(strangers)(
    "a stream to %s from %s that breaks ends with an error of the client's own",
    async (to, from) => {
      setup = await setUpGateway({ agents: { coder: { routing: ['alpha/one'] } }, alphaFormat: from });
      setup.alpha.script = () => ({ text: ['one', 'two', 'three'], breakAfter: 2 });
      const answer = await ask(await setup.grant(), body(to, true), { path: FORMAT_PATHS[to] });
      const { text, error } = understood(to, true, answer.text);
      expect(text).toBe('onetwo');
      expect(error?.message).toMatch(/^The model /);
    },
  );

  test('an answer cut by its length says so in each format', async () => {
    for (const [to, from] of strangers) {
      setup = await setUpGateway({ agents: { coder: { routing: ['alpha/one'] } }, alphaFormat: from });
      setup.alpha.script = () => ({ text: 'cut', stop: 'length' });
      const answer = await ask(await setup.grant(), body(to, true), { path: FORMAT_PATHS[to] });
      expect(understood(to, true, answer.text).stop, `${to} from ${from}`).toBe('length');
      await setup[Symbol.asyncDispose]();
    }
  });

  test('a tool of responses that takes free text goes out as a function and comes back as it is', async () => {
    setup = await setUpGateway({ agents: { coder: { routing: ['alpha/one'] } } });
    setup.alpha.script = () => ({
      toolCalls: [{ name: 'apply_patch', id: 'c9', arguments: { input: '*** Begin\n+x' } }],
    });
    const answer = await ask(
      await setup.grant(),
      {
        model: 'lattice/coder',
        stream: true,
        input: 'patch it',
        tools: [{ type: 'custom', name: 'apply_patch', description: 'Edits files.' }, { type: 'web_search' }],
      },
      { path: '/responses' },
    );
    expect(setup.alpha.requests[0]?.body.tools).toMatchObject([
      { type: 'function', function: { name: 'apply_patch', parameters: { required: ['input'] } } },
    ]);
    expect(answer.text).toContain('"type":"custom_tool_call"');
    expect(answer.text).toContain('"input":"*** Begin\\n+x"');
    expect(decodeURI(answer.headers.get('x-lattice-notice') ?? '')).toBe('the tool web_search');
  });

  test('a response that goes on from an earlier one of its provider is refused in words', async () => {
    setup = await setUpGateway({ agents: { coder: { routing: ['alpha/one'] } } });
    const answer = await ask(
      await setup.grant(),
      { model: 'lattice/coder', input: 'go on', previous_response_id: 'resp_0' },
      { path: '/responses' },
    );
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('previous_response_id');
    expect(setup.alpha.requests).toHaveLength(0);
  });
});
