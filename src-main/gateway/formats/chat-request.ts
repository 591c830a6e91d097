import { type Loose, list, loose, present, text } from './loose.ts';
import type { Dropped, ModelRequest, Part, PastCall, Tool, ToolChoice, Turn } from './request.ts';

/** Reads a request for chat completions. */
export function readChatRequest(body: Loose, dropped: Dropped): ModelRequest {
  const system: string[] = [];
  const turns: Turn[] = [];
  for (const message of list(body.messages).map(loose)) {
    const parts = readParts(message.content, dropped);
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(wordsOf(parts));
        break;
      case 'assistant': {
        if (message.reasoning_content || message.reasoning) dropped.add('earlier thinking');
        turns.push({ role: 'assistant', parts: [...parts, ...list(message.tool_calls).map(pastCall)] });
        break;
      }
      case 'tool':
        turns.push({ role: 'tool', id: text(message.tool_call_id) ?? '', parts });
        break;
      default:
        turns.push({ role: 'user', parts });
    }
  }
  for (const key of ['logit_bias', 'logprobs', 'seed', 'presence_penalty', 'frequency_penalty', 'audio']) {
    if (body[key] !== undefined && body[key] !== null && body[key] !== false) dropped.add(key);
  }
  if (typeof body.n === 'number' && body.n > 1) dropped.add('more than one choice');
  return {
    system: system.filter((words) => words !== '').join('\n\n'),
    turns,
    tools: list(body.tools).flatMap((tool) => readTool(loose(tool), dropped)),
    toolChoice: readToolChoice(body.tool_choice),
    parallelTools: typeof body.parallel_tool_calls === 'boolean' ? body.parallel_tool_calls : undefined,
    maxTokens: number(body.max_completion_tokens) ?? number(body.max_tokens),
    temperature: number(body.temperature),
    topP: number(body.top_p),
    stop: typeof body.stop === 'string' ? [body.stop] : texts(body.stop),
    effort: text(body.reasoning_effort),
    output: readOutput(loose(body.response_format)),
    stream: body.stream === true,
    freeformTools: new Set(),
  };
}

function readParts(content: unknown, dropped: Dropped): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return list(content).flatMap((item): Part[] => {
    const part = loose(item);
    const words = text(part.text) ?? text(part.refusal);
    if (words !== undefined) return words === '' ? [] : [{ kind: 'text', text: words }];
    if (part.type === 'image_url') {
      const image = loose(part.image_url);
      return [imageOf(text(image.url) ?? '', text(image.detail))];
    }
    dropped.add(`content of the kind ${text(part.type) ?? 'unknown'}`);
    return [];
  });
}

/** An image by its address; one that is written into its address is taken out of it. */
export function imageOf(url: string, detail?: string): Part {
  const inline = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  if (inline === null) return { kind: 'image', url, detail };
  return { kind: 'image', mediaType: inline[1] ?? '', base64: inline[2] ?? '' };
}

/** The address of an image; the image itself where it has none. */
export function imageUrl(part: Part & { kind: 'image' }): string {
  return 'url' in part ? part.url : `data:${part.mediaType};base64,${part.base64}`;
}

/** The text of content. */
export function wordsOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}

function pastCall(item: unknown): PastCall {
  const call = loose(item);
  const { name, arguments: args } = loose(call.function);
  return { kind: 'call', id: text(call.id) ?? '', name: text(name) ?? '', arguments: text(args) ?? '{}' };
}

function readTool(tool: Loose, dropped: Dropped): Tool[] {
  const definition = loose(tool.function);
  const name = text(definition.name);
  if (tool.type !== 'function' || name === undefined) {
    dropped.add(`the tool ${text(tool.type) ?? 'without a kind'}`);
    return [];
  }
  const strict = typeof definition.strict === 'boolean' ? definition.strict : undefined;
  return [{ name, description: text(definition.description), parameters: definition.parameters, strict }];
}

function readToolChoice(choice: unknown): ToolChoice | undefined {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  const name = text(loose(loose(choice).function).name);
  return name === undefined ? undefined : { name };
}

function readOutput(format: Loose): ModelRequest['output'] {
  if (format.type === 'json_object') return 'json';
  if (format.type !== 'json_schema') return undefined;
  const { name, schema, strict } = loose(format.json_schema);
  return { name: text(name) ?? 'answer', schema, ...(typeof strict === 'boolean' ? { strict } : {}) };
}

/** A number; undefined for anything else. */
export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A list of texts; undefined for anything else. */
export function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
}

/** Writes a request for chat completions. */
export function writeChatRequest(request: ModelRequest, model: string): object {
  const { system, turns, tools, toolChoice, output } = request;
  return present({
    model,
    messages: [...(system === '' ? [] : [{ role: 'system', content: system }]), ...writeTurns(turns)],
    tools:
      tools.length === 0
        ? undefined
        : tools.map(({ name, description, parameters, strict }) => ({
            type: 'function',
            function: present({
              name,
              description,
              parameters: parameters ?? EMPTY_SCHEMA,
              strict: strict === true ? true : undefined,
            }),
          })),
    tool_choice:
      tools.length === 0
        ? undefined
        : typeof toolChoice === 'object'
          ? { type: 'function', function: { name: toolChoice.name } }
          : toolChoice,
    parallel_tool_calls: tools.length === 0 ? undefined : request.parallelTools,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop: request.stop,
    reasoning_effort: request.effort,
    response_format:
      output === undefined
        ? undefined
        : output === 'json'
          ? { type: 'json_object' }
          : { type: 'json_schema', json_schema: output },
    stream: request.stream,
    stream_options: request.stream ? { include_usage: true } : undefined,
  });
}

/** Providers want a schema even for a tool without arguments. */
export const EMPTY_SCHEMA = { type: 'object', properties: {} };

/** A result of a tool is text here, so its images follow in a message of their own behind the last result. */
function writeTurns(turns: readonly Turn[]): object[] {
  const messages: object[] = [];
  let images: Part[] = [];
  const flush = () => {
    if (images.length > 0) messages.push({ role: 'user', content: writeParts(images) });
    images = [];
  };
  for (const turn of turns) {
    if (turn.role !== 'tool') flush();
    messages.push(writeTurn(turn));
    if (turn.role === 'tool') images.push(...turn.parts.filter((part) => part.kind === 'image'));
  }
  flush();
  return messages;
}

function writeTurn(turn: Turn): object {
  if (turn.role === 'tool') {
    const words = wordsOf(turn.parts);
    return { role: 'tool', tool_call_id: turn.id, content: turn.failed ? `Error: ${words}` : words };
  }
  if (turn.role === 'user') return { role: 'user', content: writeParts(turn.parts) };
  const calls = turn.parts.flatMap((part) =>
    part.kind === 'call'
      ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments } }]
      : [],
  );
  const words = wordsOf(turn.parts.filter((part) => part.kind !== 'call'));
  return {
    role: 'assistant',
    content: words === '' && calls.length > 0 ? null : words,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function writeParts(parts: readonly Part[]): string | object[] {
  const [only] = parts;
  if (only === undefined) return '';
  if (parts.length === 1 && only.kind === 'text') return only.text;
  return parts.map((part) =>
    part.kind === 'text'
      ? { type: 'text', text: part.text }
      : {
          type: 'image_url',
          image_url: present({ url: imageUrl(part), detail: 'detail' in part ? part.detail : undefined }),
        },
  );
}
