import { type ErrorShape, LatticeError } from '../../../src-shared/errors.ts';
import type { Activity, ModelCall } from '../../../src-shared/protocol/activity.ts';
import { OutputBuffer } from '../output-buffer.ts';
import type { Stop } from '../run-stop.ts';
import type { RunOutcome } from '../runner.ts';
import type { RuntimeExit } from './acp-process.ts';
import { isOwnTextId } from './update-map.ts';

/** How the wait for a runtime ended. */
export type Finished = { response: { stopReason: string } } | { error: unknown } | { stopped: true };

const NOT_DONE: Readonly<Record<string, string>> = {
  max_tokens: 'its answer got longer than its model allows',
  max_turn_requests: 'it asked its model more often than it may',
  refusal: 'its model refused to go on',
  cancelled: 'it was stopped',
};

/** Listens to a run and says at its end what came of it. */
export class AcpEnd {
  readonly #agent: string;
  #answer = new OutputBuffer();
  #before = '';
  #isAnswering = false;
  #messageId = '';
  #lastCall: ModelCall | undefined;
  #rubbish = 0;
  #firstRubbish = '';

  constructor(options: { agent: string }) {
    this.#agent = options.agent;
  }

  /** Lines that were no messages, in words; nothing when there were none. */
  get rubbish(): string | undefined {
    if (this.#rubbish === 0) return undefined;
    return `Lines of the runtime that were no messages: ${this.#rubbish}. The first: ${this.#firstRubbish}`;
  }

  /** The result is the last message of the agent after its last tool call. */
  hear(activity: Activity | undefined): void {
    if (activity?.kind === 'text' && activity.role === 'answer') {
      const { id } = activity;
      const isOther = id !== this.#messageId && !(isOwnTextId(id) && isOwnTextId(this.#messageId));
      this.#messageId = id;
      if (!this.#isAnswering || isOther) {
        const said = this.#answer.toString();
        if (said !== '') this.#before = said;
        this.#answer = new OutputBuffer();
        this.#isAnswering = true;
      }
      this.#answer.add(activity.text);
    } else if (activity?.kind === 'tool') {
      this.#isAnswering = false;
    }
  }

  hearCall(call: ModelCall): void {
    this.#lastCall = call;
  }

  hearRubbish(line: string): void {
    if (this.#rubbish++ === 0) this.#firstRubbish = line;
  }

  /** What it means that the runtime ended before it was told to. */
  exitError(title: string, { code, signal }: RuntimeExit, stderr: string): LatticeError {
    const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const why = this.#rubbish > 0 ? `\nIt said: ${this.#firstRubbish}` : '';
    const tail = stderr === '' ? why : `\n${stderr}`;
    return new LatticeError('agent_failed', `${title} ${how} before it answered.${tail}`, {
      details: code === null ? { signal } : { exit_code: code },
    });
  }

  outcome(why: Stop | undefined, finished: Finished, stderr: string): RunOutcome {
    const failed = (error: ErrorShape): RunOutcome => ({ status: 'failed', error });
    if (why?.kind === 'cancelled') return { status: 'cancelled', reason: why.reason };
    if (why?.kind === 'timeout')
      return failed({
        code: 'timeout',
        message: `${this.#agent} did not end within ${why.ms} ms.`,
        hint: 'Raise timeout_ms under run:.',
      });
    if ('error' in finished) return failed(this.#errorOf(finished.error, stderr));
    const reason = 'response' in finished ? finished.response.stopReason : 'cancelled';
    const call = this.#lastCall;
    if (reason === 'end_turn' && !(this.#answer.toString() === '' && call?.status === 'failed'))
      return { status: 'completed', result: this.#answer.toString() || this.#before };
    if (call?.status === 'failed' && call.error !== undefined) return failed(call.error);
    const message = `${this.#agent} was not done: ${NOT_DONE[reason] ?? `it stopped with ${reason.slice(0, 100)}`}.`;
    return failed({ code: 'agent_failed', message, details: { stop_reason: reason.slice(0, 100) } });
  }

  #errorOf(thrown: unknown, stderr: string): ErrorShape {
    if (thrown instanceof LatticeError) return thrown.toShape();
    const call = this.#lastCall;
    if (call?.status === 'failed' && call.error !== undefined) return call.error;
    const code = thrown instanceof Error && 'code' in thrown ? Number(thrown.code) : undefined;
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    if (code === -32000)
      return {
        code: 'auth_failed',
        message: `The runtime is not signed in: ${said}.`,
        hint: 'Give the agent routing, or sign in to the runtime on this station.',
      };
    const message = `The runtime answered with an error: ${said}${detailsOf(thrown)}`;
    return { code: 'agent_failed', message: stderr === '' ? message : `${message}\n${stderr}` };
  }
}

function detailsOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || !('data' in thrown) || thrown.data === undefined) return '';
  const data = typeof thrown.data === 'string' ? thrown.data : (JSON.stringify(thrown.data) ?? '');
  return ` (${data.slice(0, 2_000)})`;
}
