import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { LatticeError } from '../../src-shared/errors.ts';
import type { CommandMessage } from './command-message.ts';
import type { RunControls } from './runner.ts';

/** Questions and sub-work that wait at the same time; beyond it the program is not read until one is done. */
const MAX_OPEN = 16;

type Request = Extract<CommandMessage, { type: 'question' | 'assign' }>;

/** Speaks to a program on its stdin: the task first, then the answers to what it asks. */
export class CommandDialog {
  readonly #stdin: Writable;
  readonly #controls: Pick<RunControls, 'ask' | 'assign'>;
  readonly #open = new Set<Promise<void>>();

  constructor(options: { stdin: Writable; controls: Pick<RunControls, 'ask' | 'assign'> }) {
    this.#stdin = options.stdin;
    this.#controls = options.controls;
    // A program need not read what it is told; that is no reason to fail.
    this.#stdin.on('error', () => undefined);
  }

  /** Writes one JSON line; resolves when the program's pipe took it, or will never take it. */
  tell(message: Record<string, unknown>): Promise<void> {
    return new Promise((resolve) => {
      this.#stdin.write(`${JSON.stringify(message)}\n`, () => resolve());
    });
  }

  /** Passes on what the program asks; resolves at once unless too much is open already. */
  async request(request: Request): Promise<void> {
    const done = this.#answer(request).finally(() => this.#open.delete(done));
    this.#open.add(done);
    if (this.#open.size >= MAX_OPEN) await Promise.race(this.#open);
  }

  async #answer(request: Request): Promise<void> {
    const id = request.id ?? randomUUID();
    const type = request.type === 'question' ? 'answer' : 'assigned';
    try {
      await this.tell({ type, id, ...(await this.#ask(request, id)) });
    } catch (error) {
      const { code, message } = LatticeError.from(error);
      await this.tell({ type, id, error: { code, message } });
    }
  }

  async #ask(request: Request, id: string): Promise<Record<string, unknown>> {
    if (request.type === 'question') {
      const { text, choices } = request;
      return { answer: await this.#controls.ask({ id, text, choices }) };
    }
    const { agent, task, context, station } = request;
    const sub = { agent, task, context, ...(station === undefined ? {} : { station }) };
    return { work_id: await this.#controls.assign(sub) };
  }
}
