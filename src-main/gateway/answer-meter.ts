import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { CallUse } from '../routing/routed-call.ts';
import { estimateTokens } from './estimate.ts';
import { type AnswerStep, mergeUse, type ReportedUse } from './formats/answer.ts';
import { stepReader, type WireFormat } from './wire-format.ts';

/** One event of a stream may be as long as this; what is longer is passed on unread. */
const LONGEST_EVENT = 4 * 1_048_576;

/** Reads along with an answer: what it used, when it began, and whether it came to its end. */
export class AnswerMeter {
  /** Whether something of the answer itself was seen. */
  begun = false;
  /** Whether the provider said that this is all. */
  ended = false;
  /** What the provider says went wrong. */
  error: { message: string; type: string | undefined } | undefined;
  /** True after an event too long to read: from then on nothing is known. */
  blind = false;
  #use: ReportedUse = {};
  #characters = 0;

  /** Takes note of a step. */
  see(step: AnswerStep): void {
    switch (step.kind) {
      case 'text':
      case 'thought':
      case 'arguments':
        this.begun = true;
        this.#characters += step.text.length;
        return;
      case 'tool':
        this.begun = true;
        this.#characters += step.name.length;
        return;
      case 'use':
        this.#use = mergeUse(this.#use, step.use);
        return;
      case 'stop':
      case 'end':
        this.ended = true;
        return;
      case 'error':
        this.error = { message: step.message, type: step.type };
        return;
      default:
        step satisfies never;
    }
  }

  /** What the call used. What the provider did not report is estimated, and then it says so. */
  use(inputEstimate: number): Omit<CallUse, 'outcome'> {
    const { input, output, cacheRead, cacheWrite, usd } = this.#use;
    // The first report of a message names one token of output; only the one at its end is the sum.
    const outputKnown = output !== undefined && (this.ended || this.#characters === 0);
    const estimatedOutput = estimateTokens(this.#characters);
    return {
      input_tokens: input ?? inputEstimate,
      output_tokens: outputKnown ? output : Math.max(output ?? 0, estimatedOutput),
      ...(cacheRead === undefined ? {} : { cache_read_tokens: cacheRead }),
      ...(cacheWrite === undefined ? {} : { cache_write_tokens: cacheWrite }),
      ...(usd === undefined ? {} : { usd }),
      ...(input === undefined || !outputKnown ? { estimated: true } : {}),
    };
  }
}

/** Takes the bytes of a stream apart into steps; pieces may be cut anywhere. */
export function streamSteps(
  format: WireFormat,
  meter: AnswerMeter,
): (chunk: Buffer) => readonly AnswerStep[] {
  const read = stepReader(format);
  const decoder = new StringDecoder('utf8');
  let steps: AnswerStep[] = [];
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent: ({ data, event }) => {
      for (const step of read(data, event)) {
        meter.see(step);
        steps.push(step);
      }
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') meter.blind = true;
    },
  });
  return (chunk) => {
    if (meter.blind) return [];
    steps = [];
    parser.feed(decoder.write(chunk));
    return steps;
  };
}
