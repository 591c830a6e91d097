import type { TextStreamPart, ToolSet } from 'ai';
import { z } from 'zod';
import { type ErrorShape, LatticeError } from '../../../src-shared/errors.ts';
import { findIssues } from '../../../src-shared/lattice-yaml/check.ts';
import type { Activity, ModelCall } from '../../../src-shared/protocol/activity.ts';
import type { ActivityReporter } from '../activity-reporter.ts';
import { OutputBuffer } from '../output-buffer.ts';
import type { Stop } from '../run-stop.ts';
import type { ModelRun, RunOutcome } from '../runner.ts';

type ToolActivity = Extract<Activity, { kind: 'tool' }>;

const MAX_INPUT_CHARS = 32_000;

export interface ModelAnswerOptions {
  agent: string;
  run: Pick<ModelRun, 'maxSteps' | 'outputSchema'>;
  reporter: ActivityReporter;
}

/** Listens to what a model says and does, reports it, and says at the end what came of it. */
export class ModelAnswer {
  readonly #options: ModelAnswerOptions;
  readonly #tools = new Map<string, ToolActivity>();
  #text = new OutputBuffer();
  #step = 0;
  #finish: string | undefined;
  #error: unknown;
  #lastCall: ModelCall | undefined;

  constructor(options: ModelAnswerOptions) {
    this.#options = options;
  }

  hearCall(call: ModelCall): void {
    this.#lastCall = call;
  }

  /** Takes one part of the stream. */
  hear(part: TextStreamPart<ToolSet>): void {
    const { reporter } = this.#options;
    switch (part.type) {
      case 'start-step':
        this.#step++;
        // The result is what the model says last.
        this.#text = new OutputBuffer();
        return;
      case 'text-delta':
        this.#text.add(part.text);
        reporter.add(this.#said('answer', part.id, part.text));
        return;
      case 'reasoning-delta':
        reporter.add(this.#said('thought', part.id, part.text));
        return;
      case 'tool-call':
        this.#tool(part.toolCallId, part.toolName, { status: 'running', input: inputOf(part.input) });
        return;
      case 'tool-result':
        this.#tool(part.toolCallId, part.toolName, {
          status: 'completed',
          output: String(part.output).slice(0, 64_000),
        });
        return;
      case 'tool-error': {
        const { code, message } = LatticeError.from(part.error);
        const status = code === 'unsafe' ? 'refused' : 'failed';
        this.#tool(part.toolCallId, part.toolName, { status, output: message.slice(0, 64_000) });
        return;
      }
      case 'finish':
        this.#finish = part.finishReason;
        return;
      case 'error':
        this.#error = part.error;
        return;
      default:
        return;
    }
  }

  outcome(why: Stop | undefined): RunOutcome {
    const { agent, run } = this.#options;
    const failed = (error: ErrorShape): RunOutcome => ({ status: 'failed', error });
    if (why?.kind === 'cancelled') return { status: 'cancelled', reason: why.reason };
    if (why?.kind === 'timeout')
      return failed({
        code: 'timeout',
        message: `${agent} did not end within ${why.ms} ms.`,
        hint: 'Raise timeout_ms under run:.',
      });
    if (this.#error !== undefined) return failed(this.#callError());
    if (this.#finish === 'tool-calls')
      return failed({
        code: 'agent_failed',
        message: `${agent} was not done after ${run.maxSteps} steps.`,
        hint: 'Raise max_steps when it needs more.',
      });
    if (this.#finish !== 'stop')
      return failed({ code: 'agent_failed', message: notDone(agent, this.#finish) });
    return this.#checked(this.#text.toString());
  }

  #checked(text: string): RunOutcome {
    const { agent, run } = this.#options;
    if (run.outputSchema === undefined) return { status: 'completed', result: text };
    const failed = (message: string): RunOutcome => ({
      status: 'failed',
      error: { code: 'agent_failed', message, details: { answer: text.slice(0, 10_000) } },
    });
    let value: unknown;
    try {
      value = JSON.parse(withoutFence(text));
    } catch {
      return failed(`${agent} answered with text, but its result has to be JSON.`);
    }
    const issues = findIssues(value, z.fromJSONSchema(run.outputSchema as z.core.JSONSchema.BaseSchema));
    if (issues.length === 0) return { status: 'completed', result: JSON.stringify(value, null, 2) };
    return failed(
      `The result of ${agent} does not fit its schema. ${issues.map(({ message }) => message).join(' ')}`.trim(),
    );
  }

  #said(role: 'answer' | 'thought', id: string, text: string): Activity {
    return { kind: 'text', id: `${this.#step}-${id}`.slice(0, 128), role, text };
  }

  #tool(id: string, name: string, change: Pick<ToolActivity, 'status'> & Partial<ToolActivity>): void {
    const before = this.#tools.get(id) ?? {
      kind: 'tool',
      id: id.slice(0, 128) || 'tool',
      title: name.slice(0, 2_000),
      tool_kind: 'other',
      status: 'pending',
    };
    const tool: ToolActivity = { ...before, ...change };
    this.#tools.set(id, tool);
    this.#options.reporter.add(tool);
  }

  /** The gateway's own account of a failed call says more than what the client library makes of it. */
  #callError(): ErrorShape {
    const call = this.#lastCall;
    if (call?.status === 'failed' && call.error !== undefined) return call.error;
    if (this.#error instanceof LatticeError) return this.#error.toShape();
    const message = this.#error instanceof Error ? this.#error.message : String(this.#error);
    return { code: 'agent_failed', message: `The model could not be asked: ${message}` };
  }
}

function inputOf(input: unknown): unknown {
  const json = JSON.stringify(input ?? {});
  return json.length <= MAX_INPUT_CHARS ? input : `${json.slice(0, MAX_INPUT_CHARS)} …`;
}

function notDone(agent: string, finish: string | undefined): string {
  if (finish === 'length') return `The answer of ${agent} got longer than its model allows.`;
  if (finish === 'content-filter') return `The provider held back the answer of ${agent}.`;
  return `${agent} ended without an answer${finish === undefined ? '' : ` (${finish})`}.`;
}

/** Models like to put JSON into a code block. */
function withoutFence(text: string): string {
  return /^\s*```[a-z]*\s*\n([\s\S]*?)\n?```\s*$/i.exec(text)?.[1] ?? text;
}
