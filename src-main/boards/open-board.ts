import { Disposables } from '../../src-shared/disposables.ts';
import { Emitter } from '../../src-shared/emitter.ts';
import type { LiveSource } from '../../src-shared/live.ts';
import { LiveOnDemand } from '../../src-shared/live-on-demand.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import { workflowPlaces } from '../../src-shared/tracker/workflow.ts';
import type {
  ActorView,
  BoardEvent,
  BoardSettings,
  BoardStats,
  BoardView,
  MoveVerdict,
  SavedFilter,
  TaskDetail,
  TaskSpans,
} from '../../src-shared/views/board.ts';
import type { BoardEntry } from '../tracker/board-index.ts';
import { BoardWatch } from '../tracker/board-watch.ts';
import { LocalBoard } from '../tracker/local-board.ts';
import { recentEvents } from './activity.ts';
import { actorView } from './actor-view.ts';
import { loadBoardConfig, saveBoardConfig } from './board-config.ts';
import { boardFigures, cycleTimes, taskSpans } from './board-figures.ts';
import { BoardHealth } from './board-health.ts';
import { columnsOf, settingsOf } from './board-view.ts';
import { CardIndex } from './card-index.ts';
import { allTasks, TaskTexts } from './task-texts.ts';
import { moveVerdicts, taskDetail } from './task-view.ts';
import { UndoList } from './undo.ts';

/** On larger boards the median is counted when a person asks for the figures. */
const COUNTED_AT_ONCE = 1_000;

export interface OpenBoardOptions {
  id: string;
  folder: string;
  own: boolean;
  /** Who the person at this machine is on boards. */
  me: string;
  filters(): readonly SavedFilter[];
  /** The newest work a task was given as. */
  workOf(task: string): string | undefined;
}

/** One board that the window shows: its cards, its words and its tasks in full, live. */
export class OpenBoard implements AsyncDisposable {
  readonly storage: LocalBoard;
  readonly cards: CardIndex;
  readonly undo = new UndoList();
  readonly health: BoardHealth;
  /** Tells that what the board says about itself may have changed. */
  readonly changed = new Emitter<void>();
  readonly #options: OpenBoardOptions;
  readonly #texts: TaskTexts;
  readonly #touched = new Emitter<ReadonlySet<string> | undefined>();
  readonly #end: Disposables;
  readonly #members = new Map<string, ActorView>();
  #config: BoardConfig;
  #digest: string;
  #median: number | undefined;

  private constructor(options: OpenBoardOptions, storage: LocalBoard, end: Disposables) {
    this.#end = end;
    this.#options = options;
    this.storage = storage;
    this.cards = new CardIndex({ workOf: options.workOf });
    this.#texts = new TaskTexts(storage);
    this.health = new BoardHealth(storage);
    this.health.changed.on(() => this.changed.emit());
    const { config, digest } = loadBoardConfig(storage.paths);
    this.#config = config;
    this.#digest = digest;
  }

  /** Reads a board and follows it. @throws LatticeError `not_found`, `invalid_input`, `unsafe`, `unsupported`. */
  static async open(options: OpenBoardOptions): Promise<OpenBoard> {
    const storage = new LocalBoard({ root: options.folder, hooks: true });
    const end = new Disposables();
    end.use(storage);
    try {
      const board = new OpenBoard(options, storage, end);
      await board.#follow();
      return board;
    } catch (error) {
      await end[Symbol.asyncDispose]();
      throw error;
    }
  }

  get id(): string {
    return this.#options.id;
  }

  get me(): string {
    return this.#options.me;
  }

  get config(): BoardConfig {
    return this.#config;
  }

  async #follow(): Promise<void> {
    this.#meet([this.me, ...configMembers(this.#config)].map(actorView));
    this.cards.setClosed(workflowPlaces(this.#config).closed);
    const entries = await this.storage.watch();
    this.#take(entries.snapshot(), []);
    this.#end.use(entries.on(({ upserts, removes }) => this.#take(upserts, removes)));
    this.#end.use(
      await BoardWatch.start(this.storage.paths, ({ folders }) => {
        if (folders.has('.')) this.#readConfig();
        if ([...folders].some((folder) => /(plans|notes)$/.test(folder))) {
          this.#texts.clear();
          this.#touched.emit(undefined);
        }
      }),
    );
    if (this.cards.entries.size <= COUNTED_AT_ONCE) void this.#countCycles();
    // A board that went away meanwhile says so where it is listed.
    void this.health.check().catch(() => undefined);
  }

  #take(upserts: readonly BoardEntry[], removes: readonly string[]): void {
    this.cards.apply(upserts, removes);
    this.health.written(upserts.map(({ id }) => id));
    this.#meet(
      upserts
        .flatMap(({ task }) => [task.assigned_to ?? [], task.created_by].flat())
        .map((actor) => actorView(actor)),
    );
    this.#touched.emit(new Set([...upserts.map(({ id }) => id), ...removes]));
    this.changed.emit();
  }

  #meet(actors: readonly ActorView[]): void {
    for (const actor of actors) if (!this.#members.has(actor.key)) this.#members.set(actor.key, actor);
  }

  #readConfig(): void {
    try {
      const { config, digest } = loadBoardConfig(this.storage.paths);
      if (digest === this.#digest) return;
      this.#config = config;
      this.#digest = digest;
    } catch {
      // A config in the middle of being written is read at its next change; until then the old one holds.
      return;
    }
    this.#meet(configMembers(this.#config).map(actorView));
    this.cards.setClosed(workflowPlaces(this.#config).closed);
    this.#touched.emit(undefined);
    this.changed.emit();
  }

  async #countCycles(): Promise<void> {
    const closed = [...this.cards.entries.values()].filter(({ task }) => task.status === 'done');
    this.#median = cycleTimes(await allTasks(this.storage, closed), this.#config, Date.now()).median;
    this.changed.emit();
  }

  /** The board as the window lists it. */
  view(): BoardView {
    const { id, folder, own, me, filters } = this.#options;
    const config = this.#config;
    const readOnly = this.storage.readOnly;
    return {
      id,
      name: config.project_name || (folder.split(/[\\/]/).at(-1) ?? folder),
      path: folder,
      state: 'ready',
      ...(readOnly === undefined ? {} : { read_only: readOnly }),
      own,
      ...(config.project_code == null ? {} : { code: config.project_code }),
      columns: columnsOf(config),
      types: [...config.task_types],
      default_status: config.default_status,
      me,
      members: [...this.#members.values()],
      findings: this.health.findings(this.cards.entries.values()),
      filters: [...filters()],
      settings: settingsOf(config),
      settings_digest: this.#digest,
      ...(this.#median === undefined ? {} : { median_cycle_ms: this.#median }),
    };
  }

  /** What the rules say to each move of a task. @throws LatticeError `not_found`. */
  async verdicts(task: string): Promise<MoveVerdict[]> {
    const state = await this.storage.get(task);
    const plan = await this.storage.readText(task, 'plan');
    const text = plan.exists ? plan.text : null;
    return moveVerdicts(this.#config, state, text, this.cards.counts(), this.storage.readOnly);
  }

  /** A task in full, new after each change that it shows. */
  detail(task: string): LiveSource<TaskDetail> {
    return new LiveOnDemand<TaskDetail>({
      key: () => 'task',
      fill: async (target, signal) => {
        const show = async () => {
          const detail = await this.#detail(task);
          if (detail !== undefined && !signal.aborted) target.set(detail);
        };
        let turn = show();
        const again = () => {
          turn = turn.then(show).catch(() => undefined);
        };
        const end = [
          this.#touched.on((ids) => (ids === undefined || ids.has(task) ? again() : undefined)),
          this.cards.live.on(({ upserts }) => (upserts.some(({ id }) => id === task) ? again() : undefined)),
        ];
        signal.addEventListener('abort', () => {
          for (const each of end) each[Symbol.dispose]();
        });
        await turn;
      },
    });
  }

  async #detail(task: string): Promise<TaskDetail | undefined> {
    const card = this.cards.live.get(task);
    if (card === undefined) return undefined;
    const { storage } = this;
    const state = await storage.get(task);
    const artifacts = state.task.evidence_refs.filter((ref) => ref.source_type === 'artifact');
    return taskDetail(state, {
      card,
      config: this.#config,
      graph: this.cards.graph,
      counts: this.cards.counts(),
      me: this.me,
      readOnly: storage.readOnly,
      plan: await storage.readText(task, 'plan'),
      notes: await storage.readText(task, 'notes'),
      artifacts: await Promise.all(artifacts.map((ref) => storage.artifact(ref.id).catch(() => undefined))),
    });
  }

  /** What happened on the board, the newest 500, and what happens. */
  activity(): LiveSource<BoardEvent> {
    return new LiveOnDemand<BoardEvent>({
      key: (event) => event.id,
      fill: async (target, signal) => {
        const read = async (ids: ReadonlySet<string> | undefined) => {
          const events = await recentEvents(this.storage, this.cards.entries, this.#config, ids);
          if (!signal.aborted) target.apply(events);
        };
        let turn = read(undefined);
        const watching = this.#touched.on((ids) => {
          if (ids !== undefined) turn = turn.then(() => read(ids)).catch(() => undefined);
        });
        signal.addEventListener('abort', () => watching[Symbol.dispose]());
        await turn;
      },
    });
  }

  find(words: string): Promise<string[]> {
    return this.#texts.find(words, this.cards.entries.values());
  }

  async figures(): Promise<BoardStats> {
    const stats = boardFigures(
      await allTasks(this.storage, this.cards.entries.values()),
      this.#config,
      Date.now(),
    );
    this.#median = stats.cycle.median;
    this.changed.emit();
    return stats;
  }

  async timeline(): Promise<TaskSpans[]> {
    return (await allTasks(this.storage, this.cards.entries.values())).map(taskSpans);
  }

  async saveSettings(settings: BoardSettings, digest: string): Promise<void> {
    await saveBoardConfig(this.storage, settings, digest);
    this.#readConfig();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end[Symbol.asyncDispose]();
  }
}

function configMembers(config: BoardConfig): string[] {
  const named = Object.entries(config.members ?? {}).flatMap(([prefix, names]) =>
    names.map((name) => (name.includes(':') ? name : `${prefix}:${name}`)),
  );
  return [...named, ...(config.default_actor == null ? [] : [config.default_actor])];
}
