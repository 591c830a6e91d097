import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { InTurn } from '../../src-shared/in-turn.ts';
import { LiveMap, type LiveSource } from '../../src-shared/live.ts';
import type { BoardView, SavedFilter } from '../../src-shared/views/board.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { BOARD_FOLDER, hasBoard } from '../tracker/board-root.ts';
import { initBoard } from '../tracker/init-board.ts';
import { type BoardList, boardId } from './board-list.ts';
import { closedBoard } from './board-view.ts';
import { taskOfWork } from './card-work.ts';
import { OpenBoard } from './open-board.ts';

export interface BoardsOptions {
  list: BoardList;
  /** The folder of this station's project: its board is always in the list while it has one. */
  projectDir(): string;
  /** Who the person at this machine is on boards. */
  me: string;
  works: LiveSource<WorkView>;
}

/** The boards of the window. They are opened when somebody first looks, and followed until the end. */
export class Boards implements AsyncDisposable {
  readonly live = new LiveMap<BoardView>((board) => board.id);
  readonly #options: BoardsOptions;
  readonly #open = new Map<string, OpenBoard>();
  /** The newest work of each task, whoever gave it. */
  readonly #works = new Map<string, Pick<WorkView, 'id' | 'created_at'>>();
  readonly #watching: Disposable;
  /** Two turns at once would open a board twice, so one waits for the other. */
  readonly #turn = new InTurn();
  #ended = false;

  constructor(options: BoardsOptions) {
    this.#options = options;
    this.#watching = options.works.on(({ upserts }) => this.#takeWorks(upserts));
    this.#takeWorks(options.works.snapshot());
  }

  /** Every board that is open now. */
  get open(): Iterable<OpenBoard> {
    return this.#open.values();
  }

  /** An open board. @throws LatticeError `not_found`. */
  async get(id: string): Promise<OpenBoard> {
    await this.refresh();
    const board = this.#open.get(id);
    if (board !== undefined) return board;
    const view = this.live.get(id);
    throw new LatticeError('not_found', view?.problem ?? 'This board is not in the list.', {
      hint: 'Open its folder again.',
    });
  }

  /** An open board, for a stream that was already listed. @throws LatticeError `not_found`. */
  known(id: string): OpenBoard {
    const board = this.#open.get(id);
    if (board === undefined) throw new LatticeError('not_found', 'This board is not open.');
    return board;
  }

  /** Opens what is in the list and not open yet, and closes what is not in it any more. */
  refresh(): Promise<void> {
    return this.#turn.run(() => this.#settle());
  }

  /** Puts the board of a folder into the list. @throws LatticeError `not_found` when the folder has none. */
  async add(folder: string): Promise<string> {
    const path = resolve(folder);
    if (!hasBoard(path))
      throw new LatticeError('not_found', `${path} holds no board.`, {
        hint: `A board is a folder named ${BOARD_FOLDER} with a config.json. Create one here, or choose another folder.`,
      });
    await this.#options.list.add(path);
    await this.refresh();
    return boardId(path);
  }

  /** Writes a new board into a folder. @throws LatticeError `conflict` when it has one. */
  async create(folder: string, name: string, code: string): Promise<string> {
    const path = resolve(folder);
    await mkdir(path, { recursive: true }).catch((cause: unknown) => {
      throw new LatticeError('io_failed', `The folder ${path} could not be made.`, { cause });
    });
    const made = await initBoard(path, {
      defaultActor: this.#options.me,
      projectCode: code,
      ...(name === '' ? {} : { projectName: name }),
    });
    if (!made)
      throw new LatticeError('conflict', `${path} has a board already.`, { hint: 'Open it instead.' });
    return this.add(path);
  }

  async remove(id: string): Promise<void> {
    const view = this.live.get(id);
    if (view === undefined) return;
    await this.#options.list.remove(view.path);
    await this.refresh();
  }

  async setFilters(id: string, filters: readonly SavedFilter[]): Promise<void> {
    const board = await this.get(id);
    await this.#options.list.setFilters(board.storage.root, filters);
    this.#show(board);
  }

  #folders(): Map<string, { folder: string; own: boolean }> {
    const own = resolve(this.#options.projectDir());
    const folders = this.#options.list.folders.map((folder) => ({ folder, own: folder === own }));
    if (hasBoard(own) && !folders.some((each) => each.own)) folders.unshift({ folder: own, own: true });
    return new Map(folders.map((each) => [boardId(each.folder), each]));
  }

  async #settle(): Promise<void> {
    if (this.#ended) return;
    const wanted = this.#folders();
    for (const [id, board] of [...this.#open]) {
      if (wanted.has(id) && hasBoard(board.storage.root)) continue;
      this.#open.delete(id);
      await board[Symbol.asyncDispose]();
    }
    this.live.apply(
      [],
      [...this.live.values()].map(({ id }) => id).filter((id) => !wanted.has(id)),
    );
    for (const [id, { folder, own }] of wanted) if (!this.#open.has(id)) await this.#tryOpen(id, folder, own);
  }

  async #tryOpen(id: string, folder: string, own: boolean): Promise<void> {
    const { list, me } = this.#options;
    try {
      const board = await OpenBoard.open({
        id,
        folder,
        own,
        me,
        filters: () => list.filtersOf(folder),
        workOf: (task) => this.#works.get(task)?.id,
      });
      this.#open.set(id, board);
      board.changed.on(() => this.#show(board));
      this.#show(board);
    } catch (error) {
      const { message, hint } = LatticeError.from(error);
      const problem = hint === undefined ? message : `${message} ${hint}`;
      this.live.set(
        closedBoard(folder, { id, own, me, state: hasBoard(folder) ? 'failed' : 'missing', problem }),
      );
    }
  }

  #show(board: OpenBoard): void {
    if (this.#open.get(board.id) !== board) return;
    const view = board.view();
    if (JSON.stringify(this.live.get(board.id)) !== JSON.stringify(view)) this.live.set(view);
  }

  #takeWorks(works: readonly WorkView[]): void {
    const touched: string[] = [];
    for (const work of works) {
      const task = taskOfWork(work);
      if (task === undefined) continue;
      const before = this.#works.get(task);
      if (before !== undefined && (before.id === work.id || before.created_at > work.created_at)) continue;
      this.#works.set(task, { id: work.id, created_at: work.created_at });
      touched.push(task);
    }
    if (touched.length === 0) return;
    for (const board of this.#open.values())
      board.cards.refresh(touched.filter((task) => board.cards.entries.has(task)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#watching[Symbol.dispose]();
    await this.#turn.run(async () => undefined);
    const boards = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(boards.map((board) => board[Symbol.asyncDispose]()));
  }
}
