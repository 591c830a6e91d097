import { ulid } from 'ulid';
import { LatticeError } from '../../src-shared/errors.ts';
import { LiveMap } from '../../src-shared/live.ts';
import type { ApprovalAnswer, ApprovalView } from '../../src-shared/views/approval.ts';

/** How long the owner has to answer, in milliseconds. */
const WAIT_MS = 15 * 60_000;
/** Runs that may wait at once; more would bury the owner. */
const MAX_WAITING = 100;

/** What the owner said, and from where: the window or a command. */
export interface Decision {
  allow: boolean;
  by: string;
}

interface Waiter {
  decide(decision: Decision): void;
}

export interface ApprovalsOptions {
  /** How long the owner has to answer, in milliseconds. */
  waitMs?: number;
}

/** The runs of this station that wait for its owner. They live in this process only: a restart asks again. */
export class Approvals {
  /** What waits now, the oldest first. */
  readonly waiting = new LiveMap<ApprovalView>(({ id }) => id);
  readonly #waitMs: number;
  readonly #waiters = new Map<string, Waiter>();

  constructor({ waitMs = WAIT_MS }: ApprovalsOptions = {}) {
    this.#waitMs = waitMs;
  }

  /**
   * Asks the owner; resolves with the answer.
   * @throws LatticeError `not_allowed` when nobody answers in time, `busy` when too many wait, the reason of `signal`.
   */
  async ask(
    subject: Omit<ApprovalView, 'id' | 'asked_at' | 'expires_at'>,
    signal: AbortSignal,
  ): Promise<Decision> {
    signal.throwIfAborted();
    if (this.#waiters.size >= MAX_WAITING)
      throw new LatticeError('busy', `${MAX_WAITING} runs wait for the owner of ${subject.station_name}.`, {
        hint: 'Try again when some of them are answered.',
      });
    const id = ulid();
    const now = Date.now();
    const end = new AbortController();
    const answered = new Promise<Decision>((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#unanswered(subject.station_name)), this.#waitMs);
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort);
      end.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      });
      this.#waiters.set(id, { decide: resolve });
    });
    this.waiting.set({
      ...subject,
      id,
      asked_at: new Date(now).toISOString(),
      expires_at: new Date(now + this.#waitMs).toISOString(),
    });
    try {
      return await answered;
    } finally {
      end.abort();
      this.#waiters.delete(id);
      this.waiting.delete(id);
    }
  }

  /**
   * Takes the owner's answer to what was shown.
   * @throws LatticeError `not_found` when nothing waits under this id any more, `conflict` when it is about something else.
   */
  answer({ id, digest, allow }: ApprovalAnswer, by: string): void {
    const asked = this.waiting.get(id);
    const waiter = this.#waiters.get(id);
    if (!asked || !waiter || Date.parse(asked.expires_at) <= Date.now())
      throw new LatticeError('not_found', 'This run does not wait for an answer any more.', {
        hint: 'It was answered, cancelled, or its time was over.',
      });
    if (asked.digest !== digest)
      throw new LatticeError('conflict', 'The answer is about another task than the one that waits.', {
        hint: 'Look at what waits now, then answer again.',
      });
    this.#waiters.delete(id);
    waiter.decide({ allow, by });
  }

  #unanswered(station: string): LatticeError {
    const minutes = Math.max(1, Math.round(this.#waitMs / 60_000));
    return new LatticeError(
      'not_allowed',
      `The owner of ${station} did not answer within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
      { hint: 'Give it again when the owner is there.' },
    );
  }
}
