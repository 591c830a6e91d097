import { rm } from 'node:fs/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import type { ApprovalView } from '../../src-shared/views/approval.ts';
import type { Approvals } from './approvals.ts';
import {
  answerFile,
  freshFolder,
  type OwnerAnswer,
  readAnswer,
  requestFile,
  writeRequest,
} from './owner-files.ts';

const LOOK_MS = 200;

export interface OwnerDeskOptions {
  folder: string;
  approvals: Approvals;
  /** Whether a process was started by this station, as agents are. */
  isOwnChild(pid: number): Promise<boolean>;
  /** Hears of files that are not taken as an answer. */
  onProblem(error: LatticeError): void;
  /** Milliseconds between two looks for answers, while a run waits. */
  lookMs?: number;
}

/**
 * Lets commands of the same user on this machine see and answer what waits, through files for their owner alone. Nothing
 * of it is on the network, so nobody elsewhere can answer.
 */
export class OwnerDesk implements AsyncDisposable {
  readonly #options: OwnerDeskOptions;
  readonly #watching: Disposable;
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  /** @throws LatticeError `io_failed`. */
  static async open(options: OwnerDeskOptions): Promise<OwnerDesk> {
    await freshFolder(options.folder);
    return new OwnerDesk(options);
  }

  private constructor(options: OwnerDeskOptions) {
    this.#options = options;
    const { waiting } = options.approvals;
    this.#watching = waiting.on(({ upserts, removes }) => {
      for (const view of upserts) this.#next(() => this.#show(view));
      for (const id of removes) this.#next(() => this.#clear(id));
      if (waiting.size === 0) this.#rest();
      else this.#timer ??= setInterval(() => this.#next(() => this.#look()), options.lookMs ?? LOOK_MS);
    });
  }

  /** One step after the other, so that a request never appears after it was taken away. */
  #next(step: () => Promise<void>): void {
    this.#turn = this.#turn.then(step).catch((error: unknown) => {
      this.#options.onProblem(LatticeError.from(error, 'io_failed'));
    });
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #show(view: ApprovalView): Promise<void> {
    const { folder, approvals } = this.#options;
    if (approvals.waiting.get(view.id)) await writeRequest(folder, view);
  }

  async #clear(id: string): Promise<void> {
    const { folder } = this.#options;
    for (const file of [answerFile(folder, id), requestFile(folder, id)])
      await rm(file, { recursive: true, force: true });
  }

  async #look(): Promise<void> {
    const { folder, approvals, onProblem } = this.#options;
    for (const { id } of approvals.waiting.snapshot()) {
      try {
        const answer = await readAnswer(folder, id);
        if (answer) await this.#take(answer);
      } catch (error) {
        await rm(answerFile(folder, id), { recursive: true, force: true });
        onProblem(LatticeError.from(error));
      }
    }
  }

  async #take(answer: OwnerAnswer): Promise<void> {
    const { approvals, isOwnChild } = this.#options;
    if (await isOwnChild(answer.pid))
      throw new LatticeError('not_allowed', 'An answer came from a process that this station started.', {
        hint: 'Only the owner answers: in the window, or with lattice approvals in a terminal.',
      });
    approvals.answer(answer, 'command line');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching[Symbol.dispose]();
    this.#rest();
    await this.#turn;
    await rm(this.#options.folder, { recursive: true, force: true });
  }
}
