import {
  type AnswerHead,
  type AnswerStep,
  mergeUse,
  type ReportedUse,
  type StepReader,
  type StepWriter,
  type StopReason,
  wholeAnswer,
} from './answer.ts';
import { amount, type Loose, list, loose, parseJson, text, tokens } from './loose.ts';

const STOP: Readonly<Record<string, StopReason>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  pause_turn: 'end',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool',
  refusal: 'filter',
};
const FINISH: Readonly<Record<StopReason, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  tool: 'tool_use',
  filter: 'refusal',
};

/** Reads streamed messages. */
export function messagesStepReader(): StepReader {
  const numbers = new Map<number, number>();
  return (data, event) => {
    const body = loose(parseJson(data));
    switch (text(body.type) ?? event) {
      case 'message_start':
        return reportSteps(loose(body.message).usage);
      case 'content_block_start':
        return blockSteps(loose(body.content_block), amount(body.index) ?? 0, numbers);
      case 'content_block_delta':
        return deltaSteps(loose(body.delta), numbers.get(amount(body.index) ?? 0));
      case 'message_delta': {
        const reason = text(loose(body.delta).stop_reason);
        const stop: AnswerStep[] =
          reason === undefined ? [] : [{ kind: 'stop', reason: STOP[reason] ?? 'end' }];
        return [...stop, ...reportSteps(body.usage)];
      }
      case 'message_stop':
        return [{ kind: 'end' }];
      case 'error':
        return [errorStep(body)];
      default:
        return [];
    }
  };
}

function blockSteps(block: Loose, place: number, numbers: Map<number, number>): AnswerStep[] {
  if (block.type === 'tool_use') {
    const index = numbers.size;
    numbers.set(place, index);
    const begun: AnswerStep = {
      kind: 'tool',
      index,
      id: text(block.id) ?? `call_${index}`,
      name: text(block.name) ?? '',
    };
    const input = loose(block.input);
    return Object.keys(input).length === 0
      ? [begun]
      : [begun, { kind: 'arguments', index, text: JSON.stringify(input) }];
  }
  const words = text(block.text) ?? '';
  if (block.type === 'text' && words !== '') return [{ kind: 'text', text: words }];
  const thought = text(block.thinking) ?? '';
  return thought === '' ? [] : [{ kind: 'thought', text: thought }];
}

function deltaSteps(delta: Loose, index: number | undefined): AnswerStep[] {
  const words = text(delta.text);
  if (delta.type === 'text_delta' && words) return [{ kind: 'text', text: words }];
  const thought = text(delta.thinking);
  if (thought) return [{ kind: 'thought', text: thought }];
  const piece = text(delta.partial_json);
  return piece && index !== undefined ? [{ kind: 'arguments', index, text: piece }] : [];
}

/** Reads a message that came as a whole. */
export function readMessagesAnswer(answer: unknown): AnswerStep[] {
  const body = loose(answer);
  if (body.type === 'error' || (body.error !== undefined && body.error !== null)) return [errorStep(body)];
  const numbers = new Map<number, number>();
  const blocks = list(body.content).flatMap((block, place) => blockSteps(loose(block), place, numbers));
  const reason = text(body.stop_reason);
  const stop: AnswerStep[] = reason === undefined ? [] : [{ kind: 'stop', reason: STOP[reason] ?? 'end' }];
  return [...blocks, ...stop, ...reportSteps(body.usage)];
}

function errorStep(body: Loose): AnswerStep {
  const { message, type } = loose(body.error);
  return {
    kind: 'error',
    message: text(message) ?? text(body.error) ?? 'The provider reports an error without words.',
    type: text(type),
  };
}

/** Cached input is counted beside `input_tokens` here, and within it everywhere else. */
function reportSteps(usage: unknown): AnswerStep[] {
  const body = loose(usage);
  const fresh = tokens(body.input_tokens);
  const output = tokens(body.output_tokens);
  if (fresh === undefined && output === undefined) return [];
  const cacheRead = tokens(body.cache_read_input_tokens);
  const cacheWrite = tokens(body.cache_creation_input_tokens);
  const input = fresh === undefined ? undefined : fresh + (cacheRead ?? 0) + (cacheWrite ?? 0);
  const cache = fresh === undefined ? {} : { cacheRead, cacheWrite };
  return [{ kind: 'use', use: { input, output, ...cache } }];
}

function usageBody({ input = 0, output = 0, cacheRead = 0, cacheWrite = 0 }: ReportedUse) {
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
    output_tokens: output,
  };
}

/** Writes an answer as streamed messages. */
export function messagesStepWriter(head: AnswerHead): StepWriter {
  const send = (type: string, body: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`;
  let begun = false;
  let blocks = 0;
  let textBlock: number | undefined;
  // A tool's block stays open to the end, as the arguments of calls at once may come in turns.
  const toolBlocks = new Map<number, number>();
  let failed = false;
  let stop: StopReason | undefined;
  let use: ReportedUse = {};
  const begin = () => {
    if (begun) return '';
    begun = true;
    const message = { id: head.id, type: 'message', role: 'assistant', model: head.model, content: [] };
    return send('message_start', {
      message: { ...message, stop_reason: null, stop_sequence: null, usage: usageBody(use) },
    });
  };
  const closeText = () => {
    if (textBlock === undefined) return '';
    const index = textBlock;
    textBlock = undefined;
    return send('content_block_stop', { index });
  };
  const start = (content_block: object) => send('content_block_start', { index: blocks++, content_block });
  const delta = (index: number, body: object) => send('content_block_delta', { index, delta: body });
  return {
    write(step) {
      switch (step.kind) {
        case 'text': {
          const opening = textBlock === undefined ? start({ type: 'text', text: '' }) : '';
          textBlock ??= blocks - 1;
          return `${begin()}${opening}${delta(textBlock, { type: 'text_delta', text: step.text })}`;
        }
        case 'tool': {
          toolBlocks.set(step.index, blocks);
          const { id, name } = step;
          return `${begin()}${closeText()}${start({ type: 'tool_use', id, name, input: {} })}`;
        }
        case 'arguments': {
          const block = toolBlocks.get(step.index);
          return block === undefined
            ? ''
            : delta(block, { type: 'input_json_delta', partial_json: step.text });
        }
        case 'use':
          use = mergeUse(use, step.use);
          return '';
        case 'stop':
          stop = step.reason;
          return '';
        case 'error':
          failed = true;
          return send('error', { error: { type: step.type ?? 'api_error', message: step.message } });
        case 'thought':
        case 'end':
          return '';
        default:
          return step satisfies never;
      }
    },
    end() {
      if (failed) return '';
      const stop_reason = FINISH[stop ?? (toolBlocks.size > 0 ? 'tool' : 'end')];
      const tools = [...toolBlocks.values()].map((index) => send('content_block_stop', { index }));
      const last = send('message_delta', {
        delta: { stop_reason, stop_sequence: null },
        usage: usageBody(use),
      });
      return `${begin()}${closeText()}${tools.join('')}${last}${send('message_stop', {})}`;
    },
  };
}

/** Writes an answer as one message. */
export function writeMessagesAnswer(head: AnswerHead, steps: readonly AnswerStep[]): object {
  const answer = wholeAnswer(steps);
  return {
    id: head.id,
    type: 'message',
    role: 'assistant',
    model: head.model,
    content: [
      ...(answer.text === '' ? [] : [{ type: 'text', text: answer.text }]),
      ...answer.calls.map(({ id, name, arguments: args }) => ({
        type: 'tool_use',
        id,
        name,
        input: loose(parseJson(args)),
      })),
    ],
    stop_reason: FINISH[answer.stop],
    stop_sequence: null,
    usage: usageBody(answer.use),
  };
}
