import {
  type AnswerHead,
  type AnswerStep,
  type ReportedUse,
  type StepReader,
  type StepWriter,
  type StopReason,
  wholeAnswer,
} from './answer.ts';
import { amount, type Loose, list, loose, parseJson, present, text, tokens } from './loose.ts';

const STOP: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  length: 'length',
  tool_calls: 'tool',
  function_call: 'tool',
  content_filter: 'filter',
};
const FINISH: Readonly<Record<StopReason, string>> = {
  end: 'stop',
  length: 'length',
  tool: 'tool_calls',
  filter: 'content_filter',
};

/** Reads streamed chat completions. */
export function chatStepReader(): StepReader {
  // Some providers give every call the index 0 and tell them apart by id alone.
  const numbers = new Map<string, number>();
  const current = new Map<number, number>();
  return (data) => {
    if (data.trim() === '[DONE]') return [{ kind: 'end' }];
    const body = loose(parseJson(data));
    const steps = errorSteps(body);
    const choice = loose(list(body.choices)[0]);
    steps.push(...deltaSteps(loose(choice.delta), numbers, current));
    const finish = text(choice.finish_reason);
    if (finish !== undefined) steps.push({ kind: 'stop', reason: STOP[finish] ?? 'end' });
    const use = chatUse(body.usage);
    if (use !== undefined) steps.push({ kind: 'use', use });
    return steps;
  };
}

function deltaSteps(delta: Loose, numbers: Map<string, number>, current: Map<number, number>): AnswerStep[] {
  const steps: AnswerStep[] = [];
  const thought = text(delta.reasoning_content) ?? text(delta.reasoning);
  if (thought) steps.push({ kind: 'thought', text: thought });
  const content = text(delta.content) ?? text(delta.refusal);
  if (content) steps.push({ kind: 'text', text: content });
  list(delta.tool_calls).forEach((item, order) => {
    const call = loose(item);
    const place = amount(call.index) ?? order;
    const { name, arguments: args } = loose(call.function);
    const id = text(call.id);
    const known = current.get(place);
    const begins = known === undefined || (id !== undefined && id !== '' && !numbers.has(id));
    const index = begins ? numbers.size : known;
    if (begins) {
      const given = id === undefined || id === '' ? `call_${index}` : id;
      numbers.set(given, index);
      steps.push({ kind: 'tool', index, id: given, name: text(name) ?? '' });
    }
    const at = begins || id === undefined ? index : (numbers.get(id) ?? index);
    current.set(place, at);
    const piece = typeof args === 'object' && args !== null ? JSON.stringify(args) : text(args);
    if (piece) steps.push({ kind: 'arguments', index: at, text: piece });
  });
  return steps;
}

/** Reads a chat completion that came as a whole. */
export function readChatAnswer(answer: unknown): AnswerStep[] {
  const body = loose(answer);
  const steps = errorSteps(body);
  const choice = loose(list(body.choices)[0]);
  steps.push(...deltaSteps(loose(choice.message), new Map(), new Map()));
  const finish = text(choice.finish_reason);
  if (finish !== undefined) steps.push({ kind: 'stop', reason: STOP[finish] ?? 'end' });
  const use = chatUse(body.usage);
  if (use !== undefined) steps.push({ kind: 'use', use });
  return steps;
}

function errorSteps(body: Loose): AnswerStep[] {
  if (body.error === undefined || body.error === null) return [];
  const { message, type, code } = loose(body.error);
  return [
    {
      kind: 'error',
      message: text(message) ?? text(body.error) ?? 'The provider reports an error without words.',
      type: text(type) ?? text(code),
    },
  ];
}

function chatUse(usage: unknown): ReportedUse | undefined {
  const { prompt_tokens, completion_tokens, prompt_tokens_details, cost } = loose(usage);
  const input = tokens(prompt_tokens);
  const output = tokens(completion_tokens);
  if (input === undefined && output === undefined) return undefined;
  const cacheRead = tokens(loose(prompt_tokens_details).cached_tokens);
  return { input, output, cacheRead, usd: amount(cost) };
}

function usageBody({ input = 0, output = 0, cacheRead }: ReportedUse): object {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cacheRead === undefined ? {} : { prompt_tokens_details: { cached_tokens: cacheRead } }),
  };
}

/** Writes an answer as streamed chat completions. */
export function chatStepWriter(head: AnswerHead, withUse: boolean): StepWriter {
  const base = { id: head.id, object: 'chat.completion.chunk', created: head.created, model: head.model };
  const line = (body: object) => `data: ${JSON.stringify({ ...base, ...body })}\n\n`;
  const delta = (content: object) => line({ choices: [{ index: 0, delta: content, finish_reason: null }] });
  let begun = false;
  let use: ReportedUse | undefined;
  let failed = false;
  let called = false;
  let stop: StopReason | undefined;
  const begin = (content: object) => {
    if (begun) return delta(content);
    begun = true;
    return delta({ role: 'assistant', ...content });
  };
  return {
    write(step) {
      switch (step.kind) {
        case 'text':
          return begin({ content: step.text });
        case 'tool': {
          called = true;
          const { index, id, name } = step;
          return begin({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
        }
        case 'arguments':
          return begin({ tool_calls: [{ index: step.index, function: { arguments: step.text } }] });
        case 'use':
          use = { ...use, ...present({ ...step.use }) };
          return '';
        case 'stop':
          stop = step.reason;
          return '';
        case 'error':
          failed = true;
          return `data: ${JSON.stringify({ error: { message: step.message, type: step.type ?? 'api_error', code: null } })}\n\n`;
        case 'thought':
        case 'end':
          return '';
        default:
          return step satisfies never;
      }
    },
    end() {
      if (failed) return '';
      const finish_reason = FINISH[stop ?? (called ? 'tool' : 'end')];
      const opening = begun ? '' : begin({ content: '' });
      const last = line({ choices: [{ index: 0, delta: {}, finish_reason }] });
      const usage = withUse && use !== undefined ? line({ choices: [], usage: usageBody(use) }) : '';
      return `${opening}${last}${usage}data: [DONE]\n\n`;
    },
  };
}

/** Writes an answer as one chat completion. */
export function writeChatAnswer(head: AnswerHead, steps: readonly AnswerStep[]): object {
  const answer = wholeAnswer(steps);
  const calls = answer.calls.map(({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  }));
  const content = answer.text === '' && calls.length > 0 ? null : answer.text;
  const message = { role: 'assistant', content, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [{ index: 0, message, finish_reason: FINISH[answer.stop] }],
    usage: usageBody(answer.use),
  };
}
