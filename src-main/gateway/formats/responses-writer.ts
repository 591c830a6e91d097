import {
  type AnswerHead,
  type AnswerStep,
  mergeUse,
  type ReportedUse,
  type StepWriter,
  type StopReason,
  type WholeAnswer,
  wholeAnswer,
} from './answer.ts';
import { loose, parseJson, text } from './loose.ts';

interface Item {
  readonly place: number;
  readonly item: { id: string; type: string };
  body: string;
}

/**
 * Writes an answer as streamed responses.
 * @param freeform names of tools that take free text; their calls go out as the client's own kind
 */
export function responsesStepWriter(head: AnswerHead, freeform: ReadonlySet<string>): StepWriter {
  let count = 0;
  let begun = false;
  let failed = false;
  let message: Item | undefined;
  let stop: StopReason | undefined;
  let use: ReportedUse = {};
  const calls = new Map<number, Item & { callId: string; name: string }>();
  const finished: object[] = [];
  let places = 0;
  const send = (type: string, body: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: count++, ...body })}\n\n`;
  const begin = () => {
    if (begun) return '';
    begun = true;
    const response = { ...responseHead(head), status: 'in_progress', output: [] };
    return `${send('response.created', { response })}${send('response.in_progress', { response })}`;
  };
  const writeText = (words: string) => {
    let opening = '';
    if (message === undefined) {
      const item = { id: `${head.id}_m${places}`, type: 'message', role: 'assistant' };
      message = { place: places++, item, body: '' };
      const added = { ...item, status: 'in_progress', content: [] };
      const at = { item_id: item.id, output_index: message.place, content_index: 0 };
      opening = `${send('response.output_item.added', { output_index: message.place, item: added })}${send('response.content_part.added', { ...at, part: textPart('') })}`;
    }
    message.body += words;
    const at = { item_id: message.item.id, output_index: message.place, content_index: 0 };
    return `${opening}${send('response.output_text.delta', { ...at, delta: words })}`;
  };
  const closeText = () => {
    if (message === undefined) return '';
    const { place, item, body } = message;
    message = undefined;
    const at = { item_id: item.id, output_index: place, content_index: 0 };
    const done = messageItem(item.id, body);
    finished[place] = done;
    return [
      send('response.output_text.done', { ...at, text: body }),
      send('response.content_part.done', { ...at, part: textPart(body) }),
      send('response.output_item.done', { output_index: place, item: done }),
    ].join('');
  };
  const openCall = (index: number, callId: string, name: string) => {
    const place = places++;
    const item = {
      id: `${head.id}_c${place}`,
      type: freeform.has(name) ? 'custom_tool_call' : 'function_call',
    };
    calls.set(index, { place, item, body: '', callId, name });
    const empty = freeform.has(name) ? { input: '' } : { arguments: '' };
    const added = { ...item, status: 'in_progress', call_id: callId, name, ...empty };
    return send('response.output_item.added', { output_index: place, item: added });
  };
  const writeArguments = (index: number, piece: string) => {
    const call = calls.get(index);
    if (call === undefined) return '';
    call.body += piece;
    // The free text is wrapped in JSON on its way, so it can only be taken out whole.
    if (freeform.has(call.name)) return '';
    const at = { item_id: call.item.id, output_index: call.place };
    return send('response.function_call_arguments.delta', { ...at, delta: piece });
  };
  const closeCall = ({ place, item, body, callId, name }: Item & { callId: string; name: string }) => {
    const at = { item_id: item.id, output_index: place };
    const done = callItem({ id: callId, name, arguments: body }, item.id, freeform);
    finished[place] = done;
    const free = freeformText(body);
    const end = freeform.has(name)
      ? `${send('response.custom_tool_call_input.delta', { ...at, delta: free })}${send('response.custom_tool_call_input.done', { ...at, input: free })}`
      : send('response.function_call_arguments.done', { ...at, arguments: body });
    return `${end}${send('response.output_item.done', { output_index: place, item: done })}`;
  };
  return {
    write(step) {
      switch (step.kind) {
        case 'text':
          return `${begin()}${writeText(step.text)}`;
        case 'tool':
          return `${begin()}${closeText()}${openCall(step.index, step.id, step.name)}`;
        case 'arguments':
          return writeArguments(step.index, step.text);
        case 'use':
          use = mergeUse(use, step.use);
          return '';
        case 'stop':
          stop = step.reason;
          return '';
        case 'error': {
          failed = true;
          const error = { code: step.type ?? 'server_error', message: step.message };
          const response = { ...responseHead(head), status: 'failed', output: [], error };
          return `${begin()}${send('response.failed', { response })}`;
        }
        case 'thought':
        case 'end':
          return '';
        default:
          return step satisfies never;
      }
    },
    end() {
      if (failed) return '';
      const closing = [begin(), closeText(), ...[...calls.values()].map(closeCall)].join('');
      const end = endOf(stop ?? 'end');
      const response = { ...responseHead(head), ...end.body, output: finished, usage: usageBody(use) };
      return `${closing}${send(end.type, { response })}`;
    },
  };
}

/** Writes an answer as one response. */
export function writeResponsesAnswer(
  head: AnswerHead,
  steps: readonly AnswerStep[],
  freeform: ReadonlySet<string>,
): object {
  const answer = wholeAnswer(steps);
  return {
    ...responseHead(head),
    ...endOf(answer.stop).body,
    output: itemsOf(head, answer, freeform),
    usage: usageBody(answer.use),
  };
}

function responseHead(head: AnswerHead) {
  return { id: head.id, object: 'response', created_at: head.created, model: head.model };
}

function endOf(stop: StopReason): { type: string; body: object } {
  if (stop === 'end' || stop === 'tool') return { type: 'response.completed', body: { status: 'completed' } };
  const reason = stop === 'length' ? 'max_output_tokens' : 'content_filter';
  return { type: 'response.incomplete', body: { status: 'incomplete', incomplete_details: { reason } } };
}

function itemsOf(head: AnswerHead, answer: WholeAnswer, freeform: ReadonlySet<string>): object[] {
  const message = answer.text === '' ? [] : [messageItem(`${head.id}_m0`, answer.text)];
  return [
    ...message,
    ...answer.calls.map((call, index) => callItem(call, `${head.id}_c${index + message.length}`, freeform)),
  ];
}

function messageItem(id: string, words: string): object {
  return { id, type: 'message', status: 'completed', role: 'assistant', content: [textPart(words)] };
}

function textPart(words: string): object {
  return { type: 'output_text', text: words, annotations: [] };
}

function callItem(
  call: { id: string; name: string; arguments: string },
  id: string,
  freeform: ReadonlySet<string>,
): object {
  const base = { id, status: 'completed', call_id: call.id, name: call.name };
  return freeform.has(call.name)
    ? { ...base, type: 'custom_tool_call', input: freeformText(call.arguments) }
    : { ...base, type: 'function_call', arguments: call.arguments };
}

/** The free text that a model wrote as the one argument of a function. */
function freeformText(args: string): string {
  return text(loose(parseJson(args)).input) ?? args;
}

function usageBody({ input = 0, output = 0, cacheRead = 0 }: ReportedUse): object {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}
