/** Why an answer ended. */
export type StopReason = 'end' | 'length' | 'tool' | 'filter';

/** What the provider says the call used. `input` counts all of the input, what came from or went into a cache included. */
export interface ReportedUse {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  /** Dollars. */
  readonly usd?: number | undefined;
}

/** A step of an answer, the same for every wire format. Tool calls are numbered from 0 in the order they begin. */
export type AnswerStep =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thought'; readonly text: string }
  | { readonly kind: 'tool'; readonly index: number; readonly id: string; readonly name: string }
  | { readonly kind: 'arguments'; readonly index: number; readonly text: string }
  | { readonly kind: 'use'; readonly use: ReportedUse }
  | { readonly kind: 'stop'; readonly reason: StopReason }
  /** The provider's own end of the stream: what ends before it was cut. */
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly message: string; readonly type?: string | undefined };

/** Reads one server-sent event of a streamed answer; what it does not know gives nothing. */
export type StepReader = (data: string, event: string | undefined) => AnswerStep[];

/** Writes a streamed answer in a wire format. */
export interface StepWriter {
  /** What is sent for one step. */
  write(step: AnswerStep): string;
  /** What is sent after the last one. */
  end(): string;
}

/** Who answers: what a wire format repeats in its messages. */
export interface AnswerHead {
  readonly id: string;
  readonly model: string;
  /** s since 1970 */
  readonly created: number;
}

/** A whole answer put together from its steps. */
export interface WholeAnswer {
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly use: ReportedUse;
  readonly stop: StopReason;
}

/** Puts the steps of an answer together. */
export function wholeAnswer(steps: readonly AnswerStep[]): WholeAnswer {
  let text = '';
  let use: ReportedUse = {};
  let stop: StopReason | undefined;
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const step of steps) {
    if (step.kind === 'text') text += step.text;
    else if (step.kind === 'tool') calls[step.index] = { id: step.id, name: step.name, arguments: '' };
    else if (step.kind === 'arguments') {
      const call = calls[step.index];
      if (call !== undefined) call.arguments += step.text;
    } else if (step.kind === 'use') use = mergeUse(use, step.use);
    else if (step.kind === 'stop') stop = step.reason;
  }
  const found = calls.filter((call) => call !== undefined);
  return { text, calls: found, use, stop: stop ?? (found.length > 0 ? 'tool' : 'end') };
}

/** A later report laid over an earlier one. */
export function mergeUse(earlier: ReportedUse, later: ReportedUse): ReportedUse {
  return {
    input: later.input ?? earlier.input,
    output: later.output ?? earlier.output,
    cacheRead: later.cacheRead ?? earlier.cacheRead,
    cacheWrite: later.cacheWrite ?? earlier.cacheWrite,
    usd: later.usd ?? earlier.usd,
  };
}
