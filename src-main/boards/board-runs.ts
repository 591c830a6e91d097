import { LatticeError } from '../../src-shared/errors.ts';
import type { LiveSource } from '../../src-shared/live.ts';
import { type WorkflowPlaces, workflowPlaces } from '../../src-shared/tracker/workflow.ts';
import type { Bill } from '../../src-shared/views/bill.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import type { BoardAuthor, BoardTask } from '../tracker/board-storage.ts';
import { actorIdentifier } from './actor-view.ts';
import { moveByRules, sayKept } from './card-move.ts';
import { noteRun } from './card-note.ts';
import { derivedId, isGivenBy, orderFor, taskOfWork, workMarks } from './card-work.ts';
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
  readonly #end = new AbortController();

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
    await noteRun(board.storage, task, { work, agent, state: 'given' }, { actor: board.me });
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
      if (state === undefined) continue;
      const busy = this.#busy.get(work.id);
      // While a step is made, what was settled before it says nothing.
      if (busy !== undefined) busy.again = work;
      // Progress changes nothing on the card.
      else if (this.#settled.get(work.id) !== keyOf(work, state)) this.#settle(work);
    }
  }

  #settle(work: WorkView): void {
    if (this.#end.signal.aborted) return;
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
    if (this.#end.signal.aborted) return;
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
      await noteRun(board.storage, task, { work: work.id, agent, state: 'given' }, { actor: board.me });
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
    if (state === 'completed')
      await writeResult(board.storage, id, work, await this.#options.cardWorks.result(work.id), author);
    else if (state !== 'running' && state !== 'cancelled') {
      const reason = reasonOf(work).reason ?? `The work ${state}.`;
      const comment = derivedId('ev', work.id, 'comment', keyOf(work, state));
      await board.storage.apply(
        id,
        { op: 'comment', body: waitingWords(state, reason), id: comment },
        author,
      );
    }
    const to = isClosed ? undefined : placeOf(state, places);
    const kept = to === undefined ? undefined : await moveByRules(board, id, to, author);
    if (kept !== undefined && to !== undefined) await sayKept(board, id, work.id, { ...kept, to }, author);
    const cost = work.ended_at === undefined ? undefined : await this.#billOf(work.id);
    const mark = { work: work.id, agent, state, key: keyOf(work, state), turn, cost, kept };
    await noteRun(board.storage, id, { ...mark, ...reasonOf(work) }, author);
  }

  async #billOf(work: string): Promise<Bill | undefined> {
    try {
      return await this.#options.cardWorks.bill(work, this.#end.signal);
    } catch (error) {
      // What a work said is not kept for ever; then nobody knows what it cost.
      if (LatticeError.from(error).code === 'not_found') return undefined;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
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

/** Where the card of a work belongs; a run that was cancelled leaves it to a person. */
function placeOf(state: RunState, places: WorkflowPlaces): string | undefined {
  if (state === 'running') return places.working;
  if (state === 'completed') return places.review;
  return state === 'cancelled' ? undefined : places.waiting;
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
