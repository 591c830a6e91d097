import { LatticeError } from '../../src-shared/errors.ts';
import type { LiveSource } from '../../src-shared/live.ts';
import { shortestWay, workflowPlaces } from '../../src-shared/tracker/workflow.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import type { BoardAuthor, BoardTask } from '../tracker/board-storage.ts';
import { actorIdentifier } from './actor-view.ts';
import { derivedId, isGivenBy, LINK_TYPE, orderFor, taskOfWork, workMarks } from './card-work.ts';
import type { CardWorks } from './card-works.ts';
import type { OpenBoard } from './open-board.ts';
import { writeResult } from './run-result.ts';

/** A step that failed, for example because the board is locked, is tried again after this time, in milliseconds. */
const RETRY_MS = 5_000;

export interface BoardRunsOptions {
  /** The station that gives works and moves their cards. */
  station(): string;
  works: LiveSource<WorkView>;
  cardWorks: CardWorks;
  /** The boards to look for a card on. */
  boards(): Iterable<OpenBoard>;
  failed(message: string, error: unknown): void;
  /** False for who only gives works, while the station itself moves their cards. */
  moves: boolean;
}

/** How the card of a work stands, in one word. */
type RunState = 'running' | 'asks' | 'stopped' | 'completed' | 'failed' | 'cancelled' | 'expired';

/**
 * Moves cards as their works go. What was done stands in the log of the card, so that after a restart the mover goes on
 * where it was, and a step that is done twice is done once.
 */
export class BoardRuns implements AsyncDisposable {
  readonly #options: BoardRunsOptions;
  readonly #watching: Disposable | undefined;
  /** Works that are being settled, each with whether it changed meanwhile. */
  readonly #busy = new Map<string, { again: WorkView | undefined; done: Promise<void> }>();
  readonly #settled = new Map<string, string>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  #ended = false;

  constructor(options: BoardRunsOptions) {
    this.#options = options;
    if (!options.moves) return;
    this.#watching = options.works.on(({ upserts }) => this.#take(upserts));
    this.replay();
  }

  /** Looks at every work again: a board was opened, or the app was closed meanwhile. */
  replay(): void {
    this.#take(this.#options.works.snapshot());
  }

  /** Gives a task to an agent and notes it on the card. @throws LatticeError `not_connected`, `conflict`, `not_found`. */
  async run(board: OpenBoard, task: string, agent: string, station: string | undefined): Promise<string> {
    const state = await board.storage.get(task);
    if (state.archived)
      throw new LatticeError('conflict', `${state.task.short_id ?? task} is archived.`, {
        hint: 'Bring it back first.',
      });
    const { readOnly } = board.storage;
    if (readOnly !== undefined) throw new LatticeError('unsupported', readOnly);
    const { cardWorks, works } = this.#options;
    const before = workMarks(state.events).at(-1);
    const live = before === undefined ? undefined : works.snapshot().find((work) => work.id === before.work);
    if (live !== undefined && live.ended_at === undefined)
      throw new LatticeError('conflict', `${before?.agent} works on it already.`, {
        hint: 'Cancel that run first, or wait for it.',
      });
    const plan = await board.storage.readText(task, 'plan');
    const order = orderFor(state, {
      agent,
      station,
      from: this.#options.station(),
      plan: plan.text,
      by: board.me,
    });
    const work = await cardWorks.give(order);
    await note(board, task, { work, agent, state: 'given' }, { actor: board.me });
    return work;
  }

  /** Brings the card of a work to where the work is, now. @throws LatticeError when the board cannot be written. */
  async settle(work: WorkView): Promise<void> {
    await this.#busy.get(work.id)?.done;
    await this.#step(work);
  }

  #take(works: readonly WorkView[]): void {
    for (const work of works) {
      if (taskOfWork(work) === undefined) continue;
      const state = stateOf(work);
      // Progress changes nothing on the card.
      if (state === undefined || this.#settled.get(work.id) === keyOf(work, state)) continue;
      const busy = this.#busy.get(work.id);
      if (busy !== undefined) busy.again = work;
      else this.#settle(work);
    }
  }

  #settle(work: WorkView): void {
    if (this.#ended) return;
    clearTimeout(this.#retries.get(work.id));
    this.#retries.delete(work.id);
    const busy: { again: WorkView | undefined; done: Promise<void> } = {
      again: undefined,
      done: this.#step(work)
        .catch((error: unknown) => this.#later(work, error))
        .then(() => {
          this.#busy.delete(work.id);
          if (busy.again !== undefined) this.#settle(busy.again);
        }),
    };
    this.#busy.set(work.id, busy);
  }

  #later(work: WorkView, error: unknown): void {
    if (this.#ended) return;
    this.#options.failed(`The card of work ${work.id} was not moved`, error);
    const timer = setTimeout(() => this.#settle(work), RETRY_MS);
    timer.unref();
    this.#retries.set(work.id, timer);
  }

  async #step(work: WorkView): Promise<void> {
    const task = taskOfWork(work);
    const state = stateOf(work);
    if (task === undefined || state === undefined) return;
    const board = [...this.#options.boards()].find((each) => each.cards.entries.has(task));
    if (board === undefined || board.storage.readOnly !== undefined) return;
    if (!isGivenBy(work, this.#options.station())) return;
    const before = await board.storage.get(task);
    if (before.archived) return;
    const marks = workMarks(before.events).filter((mark) => mark.work === work.id);
    const agent = work.agent ?? 'agent';
    // The app ended between giving the work and noting it.
    if (marks.length === 0)
      await note(board, task, { work: work.id, agent, state: 'given' }, { actor: board.me });
    // After each wait the work runs anew, and that is another turn.
    const stops = marks.filter((mark) => mark.state === 'asks' || mark.state === 'stopped').length;
    const turn = state === 'running' ? String(stops) : '';
    if (lastKey(marks.at(-1)?.event.data) !== keyOf(work, state))
      await this.#go(board, before, work, state, turn);
    this.#settled.set(work.id, keyOf(work, state));
  }

  async #go(board: OpenBoard, task: BoardTask, work: WorkView, state: RunState, turn: string): Promise<void> {
    const agent = work.agent ?? 'agent';
    const author: BoardAuthor = {
      actor: `agent:${actorIdentifier(agent)}`,
      provenance: { triggered_by: work.id, ...reasonOf(work) },
    };
    const places = workflowPlaces(board.config);
    const isClosed = places.closed.includes(task.task.status);
    const id = task.task.id;
    if (task.task.assigned_to === null)
      await board.storage.apply(id, { op: 'assign', to: author.actor }, author);
    if (state === 'running') {
      if (!isClosed) await moveTo(board, id, places.working, author, `Work ${work.id} runs.`);
    } else if (state === 'completed') {
      await writeResult(board.storage, id, work, await this.#options.cardWorks.result(work.id), author);
      if (!isClosed && places.review !== undefined)
        await moveTo(board, id, places.review, author, `Work ${work.id} has a result.`);
    } else if (state !== 'cancelled') {
      const reason = reasonOf(work).reason ?? `The work ${state}.`;
      const comment = derivedId('ev', work.id, 'comment', keyOf(work, state));
      await board.storage.apply(
        id,
        { op: 'comment', body: waitingWords(state, reason), id: comment },
        author,
      );
      if (!isClosed && places.waiting !== undefined) await moveTo(board, id, places.waiting, author, reason);
    }
    await note(
      board,
      id,
      { work: work.id, agent, state, key: keyOf(work, state), turn, ...reasonOf(work) },
      author,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#watching?.[Symbol.dispose]();
    for (const timer of this.#retries.values()) clearTimeout(timer);
    await Promise.all([...this.#busy.values()].map(({ done }) => done));
  }
}

/** What the card should say; undefined while nothing happened that it shows. */
function stateOf(work: WorkView): RunState | undefined {
  switch (work.status) {
    case 'assigned':
      return undefined;
    case 'accepted':
      return 'running';
    case 'escalated':
      return work.waits?.kind === 'question' ? 'asks' : 'stopped';
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'expired':
      return work.status;
  }
}

/** Names a state so that the next question or the next stop is another one. */
function keyOf(work: WorkView, state: RunState): string {
  if (state === 'asks') return `asks ${work.attempt} ${work.waits?.question_id ?? ''}`;
  return state === 'stopped' ? `stopped ${work.attempt}` : state;
}

function lastKey(data: { readonly [key: string]: unknown } | undefined): unknown {
  return data?.key ?? data?.state;
}

function reasonOf(work: WorkView): { reason?: string } {
  const reason = work.waits?.text ?? work.error;
  return reason === undefined || reason.trim() === '' ? {} : { reason: reason.slice(0, 2_000) };
}

function waitingWords(state: RunState, reason: string): string {
  switch (state) {
    case 'asks':
      return `Question: ${reason}`;
    case 'stopped':
      return `Stopped: ${reason}`;
    case 'expired':
      return `Expired: ${reason}`;
    default:
      return `Failed: ${reason}`;
  }
}

/** Notes on the card how its work stands; the same note twice is there once. */
async function note(
  board: OpenBoard,
  task: string,
  mark: { work: string; agent: string; state: string; key?: string; turn?: string; reason?: string },
  author: BoardAuthor,
): Promise<void> {
  const { work, agent, state, key, turn = '', reason } = mark;
  const id = derivedId('ev', work, key ?? state, turn);
  if ((await board.storage.get(task)).events.some((event) => event.id === id)) return;
  await board.storage.apply(
    task,
    {
      op: 'event',
      type: LINK_TYPE,
      id,
      data: {
        work_id: work,
        agent,
        state,
        ...(key === undefined ? {} : { key }),
        ...(reason === undefined ? {} : { reason }),
      },
    },
    author,
  );
}

/** Brings a card to a status by the shortest way of the workflow; where a rule keeps it back, with the reason. */
async function moveTo(
  board: OpenBoard,
  task: string,
  to: string,
  author: BoardAuthor,
  reason: string,
): Promise<void> {
  const { status } = (await board.storage.get(task)).task;
  const way = shortestWay(board.config, status, to) ?? [to];
  for (const next of way) {
    try {
      await board.storage.apply(task, { op: 'status', status: next }, author);
    } catch (error) {
      if (LatticeError.from(error).code !== 'conflict') throw error;
      await board.storage.apply(task, { op: 'status', status: to, force: true, reason }, author);
      return;
    }
  }
}
