import { EMPTY_SCHEMA, imageOf, imageUrl, number, wordsOf } from './chat-request.ts';
import { type Loose, list, loose, present, text } from './loose.ts';
import type { Dropped, ModelRequest, Part, PastCall, Tool, ToolChoice, Turn } from './request.ts';

/** Tools that take free text take it as this one argument where a format knows only JSON. */
const FREEFORM_SCHEMA = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The whole input of the tool, as it is.' } },
  required: ['input'],
};

/** Reads a request for responses. */
export function readResponsesRequest(body: Loose, dropped: Dropped): ModelRequest {
  const system = [text(body.instructions) ?? ''];
  const turns: Turn[] = [];
  const input =
    typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : list(body.input).map(loose);
  for (const item of input) readItem(item, system, turns, dropped);
  const freeformTools = new Set<string>();
  const tools = list(body.tools).flatMap((tool) => readTool(loose(tool), freeformTools, dropped));
  if (body.background === true) dropped.add('background');
  return {
    system: system.filter((words) => words !== '').join('\n\n'),
    turns,
    tools,
    toolChoice: readToolChoice(body.tool_choice),
    parallelTools: typeof body.parallel_tool_calls === 'boolean' ? body.parallel_tool_calls : undefined,
    maxTokens: number(body.max_output_tokens),
    temperature: number(body.temperature),
    topP: number(body.top_p),
    effort: text(loose(body.reasoning).effort),
    output: readOutput(loose(loose(body.text).format)),
    stream: body.stream === true,
    freeformTools,
  };
}

function readItem(item: Loose, system: string[], turns: Turn[], dropped: Dropped): void {
  const id = text(item.call_id) ?? '';
  switch (item.type ?? 'message') {
    case 'message': {
      const parts = readParts(item.content, dropped);
      if (item.role === 'system' || item.role === 'developer') system.push(wordsOf(parts));
      else if (item.role === 'assistant') addToAnswer(turns, parts);
      else turns.push({ role: 'user', parts });
      return;
    }
    case 'function_call':
      addToAnswer(turns, [
        { kind: 'call', id, name: text(item.name) ?? '', arguments: text(item.arguments) ?? '{}' },
      ]);
      return;
    case 'custom_tool_call': {
      const args = JSON.stringify({ input: text(item.input) ?? '' });
      addToAnswer(turns, [{ kind: 'call', id, name: text(item.name) ?? '', arguments: args }]);
      return;
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      turns.push({ role: 'tool', id, parts: readParts(item.output, dropped) });
      return;
    case 'reasoning':
      dropped.add('earlier thinking');
      return;
    default:
      dropped.add(`items of the kind ${text(item.type) ?? 'unknown'}`);
  }
}

/** Text and calls of one answer are items of their own here, and one turn everywhere else. */
function addToAnswer(turns: Turn[], parts: readonly (Part | PastCall)[]): void {
  const last = turns.at(-1);
  if (last?.role === 'assistant') turns[turns.length - 1] = { ...last, parts: [...last.parts, ...parts] };
  else turns.push({ role: 'assistant', parts });
}

function readParts(content: unknown, dropped: Dropped): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return list(content).flatMap((item): Part[] => {
    const part = loose(item);
    const words = text(part.text) ?? text(part.refusal);
    if (words !== undefined) return words === '' ? [] : [{ kind: 'text', text: words }];
    const url = text(part.image_url);
    if (part.type === 'input_image' && url !== undefined) return [imageOf(url, text(part.detail))];
    dropped.add(`content of the kind ${text(part.type) ?? 'unknown'}`);
    return [];
  });
}

function readTool(tool: Loose, freeform: Set<string>, dropped: Dropped): Tool[] {
  const name = text(tool.name);
  const description = text(tool.description);
  if (tool.type === 'function' && name !== undefined) {
    const strict = typeof tool.strict === 'boolean' ? tool.strict : undefined;
    return [{ name, description, parameters: tool.parameters, strict }];
  }
  if (tool.type === 'custom' && name !== undefined) {
    freeform.add(name);
    const { definition, syntax } = loose(tool.format);
    const grammar = text(definition);
    const words =
      grammar === undefined ? '' : `\n\nThe input follows this ${text(syntax) ?? ''} grammar:\n${grammar}`;
    return [{ name, description: `${description ?? ''}${words}`, parameters: FREEFORM_SCHEMA }];
  }
  dropped.add(`the tool ${text(tool.type) ?? 'without a kind'}`);
  return [];
}

function readToolChoice(choice: unknown): ToolChoice | undefined {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  const name = text(loose(choice).name);
  return name === undefined ? undefined : { name };
}

function readOutput(format: Loose): ModelRequest['output'] {
  if (format.type === 'json_object') return 'json';
  if (format.type !== 'json_schema') return undefined;
  const { name, schema, strict } = format;
  return { name: text(name) ?? 'answer', schema, ...(typeof strict === 'boolean' ? { strict } : {}) };
}

/** Writes a request for responses. */
export function writeResponsesRequest(request: ModelRequest, model: string, dropped: Dropped): object {
  const { system, tools, toolChoice, output } = request;
  if (request.stop !== undefined && request.stop.length > 0) dropped.add('stop sequences');
  return present({
    model,
    instructions: system === '' ? undefined : system,
    input: request.turns.flatMap(writeItems),
    tools:
      tools.length === 0
        ? undefined
        : tools.map(({ name, description, parameters, strict }) => ({
            type: 'function',
            ...present({ name, description }),
            parameters: parameters ?? EMPTY_SCHEMA,
            strict: strict ?? false,
          })),
    tool_choice:
      tools.length === 0
        ? undefined
        : typeof toolChoice === 'object'
          ? { type: 'function', name: toolChoice.name }
          : toolChoice,
    parallel_tool_calls: tools.length === 0 ? undefined : request.parallelTools,
    max_output_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    reasoning: request.effort === undefined ? undefined : { effort: request.effort },
    text:
      output === undefined
        ? undefined
        : { format: output === 'json' ? { type: 'json_object' } : { type: 'json_schema', ...output } },
    stream: request.stream,
    // The conversation comes whole with each call, so nothing of it has to stay there.
    store: false,
  });
}

function writeItems(turn: Turn): object[] {
  if (turn.role === 'tool') {
    const words = wordsOf(turn.parts);
    const output = turn.parts.every((part) => part.kind === 'text')
      ? `${turn.failed ? 'Error: ' : ''}${words}`
      : turn.parts.map(inputPart);
    return [{ type: 'function_call_output', call_id: turn.id, output }];
  }
  if (turn.role === 'user') return [{ type: 'message', role: 'user', content: turn.parts.map(inputPart) }];
  return turn.parts.flatMap((part): object[] => {
    if (part.kind === 'call') {
      const { id, name, arguments: args } = part;
      return [{ type: 'function_call', call_id: id, name, arguments: args }];
    }
    return part.kind === 'text'
      ? [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: part.text }] }]
      : [];
  });
}

function inputPart(part: Part): object {
  return part.kind === 'text'
    ? { type: 'input_text', text: part.text }
    : present({
        type: 'input_image',
        image_url: imageUrl(part),
        detail: 'detail' in part ? part.detail : undefined,
      });
}
