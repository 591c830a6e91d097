import type { AnswerStep, ReportedUse, StepReader, StopReason } from './answer.ts';
import { amount, type Loose, list, loose, parseJson, text, tokens } from './loose.ts';

/** Reads streamed responses. */
export function responsesStepReader(): StepReader {
  const calls = new Map<number, { index: number; pieces: boolean }>();
  let streamed = false;
  return (data, event) => {
    const body = loose(parseJson(data));
    const place = amount(body.output_index) ?? 0;
    switch (text(body.type) ?? event) {
      case 'response.output_text.delta':
      case 'response.refusal.delta': {
        const words = text(body.delta);
        streamed = true;
        return words ? [{ kind: 'text', text: words }] : [];
      }
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta': {
        const thought = text(body.delta);
        return thought ? [{ kind: 'thought', text: thought }] : [];
      }
      case 'response.output_item.added': {
        const item = loose(body.item);
        if (item.type !== 'function_call') return [];
        const index = calls.size;
        calls.set(place, { index, pieces: false });
        return [toolStep(item, index)];
      }
      case 'response.function_call_arguments.delta': {
        const call = calls.get(place);
        const piece = text(body.delta);
        if (call === undefined || !piece) return [];
        call.pieces = true;
        return [{ kind: 'arguments', index: call.index, text: piece }];
      }
      case 'response.output_item.done':
        return doneSteps(loose(body.item), place);
      case 'response.completed':
      case 'response.incomplete':
        return [...endSteps(loose(body.response), calls.size > 0), { kind: 'end' }];
      case 'response.failed':
      case 'error':
        return [errorStep(loose(body.response).error ?? body.error ?? body), { kind: 'end' }];
      default:
        return [];
    }
  };

  /** What was not streamed in pieces is in the finished item. */
  function doneSteps(item: Loose, place: number): AnswerStep[] {
    if (item.type === 'message') return streamed ? [] : messageSteps(item);
    if (item.type !== 'function_call') return [];
    const call = calls.get(place);
    const args = text(item.arguments) ?? '';
    if (call !== undefined) {
      return call.pieces || args === '' ? [] : [{ kind: 'arguments', index: call.index, text: args }];
    }
    const index = calls.size;
    calls.set(place, { index, pieces: true });
    return [toolStep(item, index), { kind: 'arguments', index, text: args }];
  }
}

/** Reads a response that came as a whole. */
export function readResponsesAnswer(answer: unknown): AnswerStep[] {
  const body = loose(answer);
  if (body.error !== undefined && body.error !== null) return [errorStep(body.error)];
  let calls = 0;
  const items = list(body.output).flatMap((each): AnswerStep[] => {
    const item = loose(each);
    if (item.type === 'message') return messageSteps(item);
    if (item.type !== 'function_call') return [];
    const index = calls++;
    return [toolStep(item, index), { kind: 'arguments', index, text: text(item.arguments) ?? '' }];
  });
  return [...items, ...endSteps(body, calls > 0)];
}

function toolStep(item: Loose, index: number): AnswerStep {
  const id = text(item.call_id) ?? text(item.id) ?? `call_${index}`;
  return { kind: 'tool', index, id, name: text(item.name) ?? '' };
}

function messageSteps(item: Loose): AnswerStep[] {
  return list(item.content).flatMap((each): AnswerStep[] => {
    const part = loose(each);
    const words = text(part.text) ?? text(part.refusal);
    return words ? [{ kind: 'text', text: words }] : [];
  });
}

function endSteps(response: Loose, called: boolean): AnswerStep[] {
  const why = text(loose(response.incomplete_details).reason);
  const cut: StopReason | undefined =
    why === undefined ? undefined : why === 'content_filter' ? 'filter' : 'length';
  const use = reportOf(response.usage);
  return [
    ...(use === undefined ? [] : [{ kind: 'use', use } as const]),
    { kind: 'stop', reason: cut ?? (called ? 'tool' : 'end') },
  ];
}

function reportOf(usage: unknown): ReportedUse | undefined {
  const body = loose(usage);
  const input = tokens(body.input_tokens);
  const output = tokens(body.output_tokens);
  if (input === undefined && output === undefined) return undefined;
  const cacheRead = tokens(loose(body.input_tokens_details).cached_tokens);
  return { input, output, cacheRead, usd: amount(body.cost) };
}

function errorStep(error: unknown): AnswerStep {
  const { message, code, type } = loose(error);
  return {
    kind: 'error',
    message: text(message) ?? text(error) ?? 'The provider reports an error without words.',
    type: text(code) ?? text(type),
  };
}
