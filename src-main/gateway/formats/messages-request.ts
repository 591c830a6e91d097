import { EMPTY_SCHEMA, imageOf, number, texts, wordsOf } from './chat-request.ts';
import { type Loose, list, loose, parseJson, present, text } from './loose.ts';
import type { Dropped, ModelRequest, Part, PastCall, Tool, ToolChoice, Turn } from './request.ts';

/** Messages have to say how long an answer may be. */
const DEFAULT_MAX_TOKENS = 8_192;

/** Reads a request for messages. */
export function readMessagesRequest(body: Loose, dropped: Dropped): ModelRequest {
  const system =
    typeof body.system === 'string' ? body.system : wordsOf(readParts(list(body.system).map(loose), dropped));
  if (loose(body.thinking).type === 'enabled' || loose(body.thinking).type === 'adaptive')
    dropped.add('thinking');
  if (body.top_k !== undefined) dropped.add('top_k');
  const choice = loose(body.tool_choice);
  return {
    system,
    turns: list(body.messages).flatMap((message) => readTurns(loose(message), dropped)),
    tools: list(body.tools).flatMap((tool) => readTool(loose(tool), dropped)),
    toolChoice: readToolChoice(choice),
    parallelTools: choice.disable_parallel_tool_use === true ? false : undefined,
    maxTokens: number(body.max_tokens),
    // 1 is what holds without it, and some models of others refuse to be told.
    temperature: body.temperature === 1 ? undefined : number(body.temperature),
    topP: number(body.top_p),
    stop: texts(body.stop_sequences),
    stream: body.stream === true,
    freeformTools: new Set(),
  };
}

/** A message of the user may carry results of tools; each is a turn of its own, and they come first. */
function readTurns(message: Loose, dropped: Dropped): Turn[] {
  const blocks =
    typeof message.content === 'string'
      ? [{ type: 'text', text: message.content }]
      : list(message.content).map(loose);
  if (message.role === 'assistant') return [{ role: 'assistant', parts: readAnswerParts(blocks, dropped) }];
  const results = blocks.filter((block) => block.type === 'tool_result');
  const others = readParts(
    blocks.filter((block) => block.type !== 'tool_result'),
    dropped,
  );
  return [
    ...results.map((block): Turn => {
      const content =
        typeof block.content === 'string'
          ? [{ type: 'text', text: block.content }]
          : list(block.content).map(loose);
      return {
        role: 'tool',
        id: text(block.tool_use_id) ?? '',
        parts: readParts(content, dropped),
        ...(block.is_error === true ? { failed: true } : {}),
      };
    }),
    ...(others.length > 0 || results.length === 0 ? [{ role: 'user', parts: others } as const] : []),
  ];
}

function readAnswerParts(blocks: readonly Loose[], dropped: Dropped): (Part | PastCall)[] {
  return blocks.flatMap((block): (Part | PastCall)[] => {
    if (block.type === 'tool_use') {
      const args = JSON.stringify(block.input ?? {});
      return [{ kind: 'call', id: text(block.id) ?? '', name: text(block.name) ?? '', arguments: args }];
    }
    if (block.type === 'thinking' || block.type === 'redacted_thinking') {
      dropped.add('earlier thinking');
      return [];
    }
    return readParts([block], dropped);
  });
}

function readParts(blocks: readonly Loose[], dropped: Dropped): Part[] {
  return blocks.flatMap((block): Part[] => {
    const words = text(block.text);
    if (block.type === 'text' && words !== undefined)
      return words === '' ? [] : [{ kind: 'text', text: words }];
    if (block.type === 'image') {
      const { type, url, media_type, data } = loose(block.source);
      if (type === 'url') return [{ kind: 'image', url: text(url) ?? '' }];
      return [{ kind: 'image', mediaType: text(media_type) ?? 'image/png', base64: text(data) ?? '' }];
    }
    dropped.add(`content of the kind ${text(block.type) ?? 'unknown'}`);
    return [];
  });
}

function readTool(tool: Loose, dropped: Dropped): Tool[] {
  const name = text(tool.name);
  if (name === undefined || (tool.type !== undefined && tool.type !== 'custom')) {
    dropped.add(`the tool ${text(tool.type) ?? 'without a name'}`);
    return [];
  }
  return [{ name, description: text(tool.description), parameters: tool.input_schema }];
}

function readToolChoice(choice: Loose): ToolChoice | undefined {
  if (choice.type === 'auto' || choice.type === 'none') return choice.type;
  if (choice.type === 'any') return 'required';
  const name = text(choice.name);
  return choice.type === 'tool' && name !== undefined ? { name } : undefined;
}

/** Writes a request for messages. */
export function writeMessagesRequest(request: ModelRequest, model: string, dropped: Dropped): object {
  const { tools, toolChoice, parallelTools } = request;
  const messages = alternating(request.turns);
  if (request.effort !== undefined) dropped.add('the reasoning effort');
  if (request.output !== undefined) dropped.add('the format of the answer');
  return present({
    model,
    max_tokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    system:
      request.system === ''
        ? undefined
        : tools.length === 0
          ? request.system
          : [{ type: 'text', text: request.system, cache_control: CACHED }],
    messages: tools.length === 0 ? messages : withCacheMark(messages),
    tools:
      tools.length === 0
        ? undefined
        : tools.map(({ name, description, parameters }) =>
            present({ name, description, input_schema: parameters ?? EMPTY_SCHEMA }),
          ),
    tool_choice: tools.length === 0 ? undefined : writeToolChoice(toolChoice, parallelTools),
    // The format knows temperatures up to 1 and either of the two, not both.
    temperature: request.temperature === undefined ? undefined : Math.min(1, request.temperature),
    top_p: request.temperature === undefined ? request.topP : undefined,
    stop_sequences: request.stop,
    stream: request.stream,
  });
}

function writeToolChoice(choice: ToolChoice | undefined, parallel: boolean | undefined): object | undefined {
  const single = parallel === false ? { disable_parallel_tool_use: true } : {};
  if (choice === 'none') return { type: 'none' };
  if (choice === 'required') return { type: 'any', ...single };
  if (typeof choice === 'object') return { type: 'tool', name: choice.name, ...single };
  return choice === undefined && parallel !== false ? undefined : { type: 'auto', ...single };
}

/**
 * This format caches what it is told to cache, the others by themselves. Who has tools will come back with the same
 * conversation and more, so all of it up to here is worth keeping.
 */
const CACHED = { type: 'ephemeral' };

function withCacheMark(messages: readonly Message[]): Message[] {
  return messages.map((message, place) =>
    place === messages.length - 1
      ? {
          ...message,
          content: message.content.map((each, index) =>
            index === message.content.length - 1 ? { ...each, cache_control: CACHED } : each,
          ),
        }
      : message,
  );
}

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: object[];
}

/** Turns of one side that follow each other are one message: results of tools belong to the side of the user. */
function alternating(turns: readonly Turn[]): Message[] {
  const messages: Message[] = [];
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'assistant' : 'user';
    const blocks = turn.role === 'tool' ? [resultBlock(turn)] : turn.parts.map(block);
    if (blocks.length === 0) continue;
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else messages.push({ role, content: blocks });
  }
  return messages;
}

function resultBlock(turn: Turn & { role: 'tool' }): object {
  return {
    type: 'tool_result',
    tool_use_id: turn.id,
    content: turn.parts.map(block),
    ...(turn.failed ? { is_error: true } : {}),
  };
}

function block(part: Part | PastCall): object {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'call':
      return { type: 'tool_use', id: part.id, name: part.name, input: loose(parseJson(part.arguments)) };
    case 'image': {
      const image = 'url' in part ? imageOf(part.url) : part;
      return {
        type: 'image',
        source:
          image.kind === 'image' && 'base64' in image
            ? { type: 'base64', media_type: image.mediaType, data: image.base64 }
            : { type: 'url', url: 'url' in part ? part.url : '' },
      };
    }
    default:
      return part satisfies never;
  }
}
