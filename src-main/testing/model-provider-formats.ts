import type { ScriptedReply } from './model-provider.ts';

/** The wire formats of models, by the last part of their path. */
export type ProviderFormat = 'chat' | 'responses' | 'messages';

/** A server-sent event as it goes over the wire, and whether it carries a piece of the answer. */
export interface WireEvent {
  text: string;
  piece: boolean;
}

interface Call {
  id: string;
  name: string;
  pieces: string[];
}

/** A scripted reply with every default filled in. */
interface Answer {
  model: string;
  thoughts: string[];
  texts: string[];
  calls: Call[];
  usage: { input: number; output: number; cacheRead: number } | undefined;
  stop: 'end' | 'length' | 'tool';
}

function answerOf(model: string, reply: ScriptedReply): Answer {
  const calls = (reply.toolCalls ?? []).map((call, index): Call => {
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    const half = Math.ceil(text.length / 2);
    return {
      id: call.id ?? `call_${index + 1}`,
      name: call.name,
      pieces: call.pieces ?? [text.slice(0, half), text.slice(half)].filter((piece) => piece !== ''),
    };
  });
  const texts =
    reply.text === undefined ? [] : typeof reply.text === 'string' ? [reply.text] : [...reply.text];
  return {
    model,
    thoughts: reply.thought === undefined ? [] : [reply.thought],
    texts,
    calls,
    usage: reply.usage === false ? undefined : { input: 10, output: 5, cacheRead: 0, ...reply.usage },
    stop: reply.stop ?? (calls.length > 0 ? 'tool' : 'end'),
  };
}

/** The events of a streamed answer, as the real providers send them. */
export function streamedAnswer(format: ProviderFormat, model: string, reply: ScriptedReply): WireEvent[] {
  const answer = answerOf(model, reply);
  switch (format) {
    case 'chat':
      return chatEvents(answer);
    case 'messages':
      return messagesEvents(answer);
    case 'responses':
      return responsesEvents(answer);
    default:
      return format satisfies never;
  }
}

/** The JSON body of an answer that is not streamed. */
export function wholeAnswer(format: ProviderFormat, model: string, reply: ScriptedReply): object {
  const answer = answerOf(model, reply);
  switch (format) {
    case 'chat':
      return chatAnswer(answer);
    case 'messages':
      return messagesAnswer(answer);
    case 'responses':
      return responsesAnswer(answer);
    default:
      return format satisfies never;
  }
}

/** The JSON body of an error as each format words it. */
export function errorBody(format: ProviderFormat, status: number, message: string): object {
  const type = status === 429 ? 'rate_limit_error' : status === 401 ? 'authentication_error' : 'api_error';
  return format === 'messages'
    ? { type: 'error', error: { type, message } }
    : { error: { message, type, param: null, code: status === 429 ? 'rate_limit_exceeded' : null } };
}

const CHAT_STOP = { end: 'stop', length: 'length', tool: 'tool_calls' } as const;
const MESSAGES_STOP = { end: 'end_turn', length: 'max_tokens', tool: 'tool_use' } as const;

function chatUsage({ input, output, cacheRead }: NonNullable<Answer['usage']>) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead },
  };
}

function chatEvents({ model, thoughts, texts, calls, usage, stop }: Answer): WireEvent[] {
  const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_763_700_000, model };
  const line = (choices: object[], more: object = {}, piece = false): WireEvent => ({
    text: `data: ${JSON.stringify({ ...base, choices, ...more })}\n\n`,
    piece,
  });
  const delta = (content: object, piece = true) =>
    line([{ index: 0, delta: content, finish_reason: null }], {}, piece);
  return [
    delta({ role: 'assistant', content: '' }, false),
    ...thoughts.map((text) => delta({ reasoning_content: text })),
    ...texts.map((content) => delta({ content })),
    ...calls.flatMap(({ id, name, pieces }, index) => [
      delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces.map((text) => delta({ tool_calls: [{ index, function: { arguments: text } }] })),
    ]),
    line([{ index: 0, delta: {}, finish_reason: CHAT_STOP[stop] }]),
    ...(usage === undefined ? [] : [line([], { usage: chatUsage(usage) })]),
    { text: 'data: [DONE]\n\n', piece: false },
  ];
}

function chatAnswer({ model, texts, calls, usage, stop }: Answer): object {
  const content = texts.length === 0 ? null : texts.join('');
  const tools = calls.map(({ id, name, pieces }) => ({
    id,
    type: 'function',
    function: { name, arguments: pieces.join('') },
  }));
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_763_700_000,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, ...(tools.length > 0 ? { tool_calls: tools } : {}) },
        finish_reason: CHAT_STOP[stop],
      },
    ],
    ...(usage === undefined ? {} : { usage: chatUsage(usage) }),
  };
}

function messagesUsage(usage: Answer['usage'], output: number) {
  const { input, cacheRead } = usage ?? { input: 0, cacheRead: 0 };
  return {
    input_tokens: input - cacheRead,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: 0,
    output_tokens: output,
  };
}

function messagesEvents({ model, thoughts, texts, calls, usage, stop }: Answer): WireEvent[] {
  const events: WireEvent[] = [];
  const add = (type: string, body: object, piece = false) =>
    events.push({ text: `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`, piece });
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [] };
  add('message_start', {
    message: { ...message, stop_reason: null, stop_sequence: null, usage: messagesUsage(usage, 1) },
  });
  add('ping', {});
  let index = 0;
  const block = (start: object, deltas: object[]) => {
    add('content_block_start', { index, content_block: start });
    for (const delta of deltas) add('content_block_delta', { index, delta }, true);
    add('content_block_stop', { index });
    index++;
  };
  if (thoughts.length > 0) {
    const deltas = thoughts.map((thinking) => ({ type: 'thinking_delta', thinking }));
    block({ type: 'thinking', thinking: '', signature: '' }, [
      ...deltas,
      { type: 'signature_delta', signature: 'c2ln' },
    ]);
  }
  if (texts.length > 0) {
    block(
      { type: 'text', text: '' },
      texts.map((text) => ({ type: 'text_delta', text })),
    );
  }
  for (const { id, name, pieces } of calls) {
    block({ type: 'tool_use', id, name, input: {} }, [
      { type: 'input_json_delta', partial_json: '' },
      ...pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    ]);
  }
  add('message_delta', {
    delta: { stop_reason: MESSAGES_STOP[stop], stop_sequence: null },
    ...(usage === undefined ? {} : { usage: { output_tokens: usage.output } }),
  });
  add('message_stop', {});
  return events;
}

function messagesAnswer({ model, texts, calls, usage, stop }: Answer): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(texts.length > 0 ? [{ type: 'text', text: texts.join('') }] : []),
      ...calls.map(({ id, name, pieces }) => ({
        type: 'tool_use',
        id,
        name,
        input: JSON.parse(pieces.join('') || '{}'),
      })),
    ],
    stop_reason: MESSAGES_STOP[stop],
    stop_sequence: null,
    ...(usage === undefined ? {} : { usage: messagesUsage(usage, usage.output) }),
  };
}

function responsesItems({ texts, calls }: Answer): object[] {
  const content = [{ type: 'output_text', text: texts.join(''), annotations: [] }];
  return [
    ...(texts.length > 0
      ? [{ id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content }]
      : []),
    ...calls.map(({ id, name, pieces }) => ({
      id: `fc_${id}`,
      type: 'function_call',
      status: 'completed',
      call_id: id,
      name,
      arguments: pieces.join(''),
    })),
  ];
}

function responsesAnswer(answer: Answer): object {
  const { model, usage, stop } = answer;
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_763_700_000,
    status: stop === 'length' ? 'incomplete' : 'completed',
    ...(stop === 'length' ? { incomplete_details: { reason: 'max_output_tokens' } } : {}),
    model,
    output: responsesItems(answer),
    ...(usage === undefined
      ? {}
      : {
          usage: {
            input_tokens: usage.input,
            input_tokens_details: { cached_tokens: usage.cacheRead },
            output_tokens: usage.output,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: usage.input + usage.output,
          },
        }),
  };
}

function responsesEvents(answer: Answer): WireEvent[] {
  const { model, texts, calls, stop } = answer;
  const events: WireEvent[] = [];
  const add = (type: string, body: object, piece = false) =>
    events.push({
      text: `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: events.length, ...body })}\n\n`,
      piece,
    });
  const begun = { id: 'resp_1', object: 'response', created_at: 1_763_700_000, model, output: [] };
  add('response.created', { response: { ...begun, status: 'in_progress' } });
  add('response.in_progress', { response: { ...begun, status: 'in_progress' } });
  const items = responsesItems(answer);
  if (texts.length > 0) {
    const at = { output_index: 0, content_index: 0, item_id: 'msg_1' };
    const item = { id: 'msg_1', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    add('response.output_item.added', { output_index: 0, item });
    add('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
    for (const delta of texts) add('response.output_text.delta', { ...at, delta }, true);
    add('response.output_text.done', { ...at, text: texts.join('') });
    const part = { type: 'output_text', text: texts.join(''), annotations: [] };
    add('response.content_part.done', { ...at, part });
    add('response.output_item.done', { output_index: 0, item: items[0] });
  }
  calls.forEach(({ id, name, pieces }, order) => {
    const output_index = order + (texts.length > 0 ? 1 : 0);
    const at = { output_index, item_id: `fc_${id}` };
    const item = { id: `fc_${id}`, type: 'function_call', call_id: id, name, arguments: '' };
    add('response.output_item.added', { output_index, item: { ...item, status: 'in_progress' } });
    for (const delta of pieces) add('response.function_call_arguments.delta', { ...at, delta }, true);
    add('response.function_call_arguments.done', { ...at, arguments: pieces.join('') });
    add('response.output_item.done', { output_index, item: items[output_index] });
  });
  const type = stop === 'length' ? 'response.incomplete' : 'response.completed';
  add(type, { response: responsesAnswer(answer) });
  return events;
}
