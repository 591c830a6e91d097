import { ulid } from 'ulid';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LiveSource } from '../../src-shared/live.ts';
import { type ArtifactMeta, readArtifactMeta } from '../../src-shared/tracker/artifact.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import { relationGraph } from '../../src-shared/tracker/graph.ts';
import { shortIdPrefix } from '../../src-shared/tracker/ids.ts';
import type { CreateInput } from '../../src-shared/tracker/operations/create.ts';
import type { OperationContext } from '../../src-shared/tracker/operations/operation.ts';
import { type TaskState, taskState } from '../../src-shared/tracker/operations/operation.ts';
import type { TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import { resolveStatus, wipLimit } from '../../src-shared/tracker/workflow.ts';
import { readBoardFile } from './board-file.ts';
import { type BoardEntry, BoardIndex, entryOf, taskOfLog } from './board-index.ts';
import { BoardLocks } from './board-locks.ts';
import { BoardPaths, type TextKind } from './board-paths.ts';
import { BoardResources } from './board-resources.ts';
import { BoardSessions } from './board-sessions.ts';
import { readBoardConfig, readOnlyReason } from './board-state.ts';
import type {
  BoardAuthor,
  BoardOutcome,
  BoardStorage,
  BoardTask,
  BoardText,
  NextQuery,
} from './board-storage.ts';
import { readBoardText, writeBoardText } from './board-text.ts';
import { BoardWatch } from './board-watch.ts';
import { claimFirst, nextCandidates } from './claim-next.ts';
import { type DoctorReport, examineBoard, mendBoard } from './doctor.ts';
import type { BoardFinding } from './finding.ts';
import { HookRunner } from './hooks.ts';
import { type RebuildReport, rebuildBoard, rebuildTask } from './rebuild.ts';
import { readTaskLog } from './task-log.ts';
import { isMirrored, needsGraph, planOperation, type TaskOperation } from './task-operation.ts';
import { resolveTaskRef } from './task-refs.ts';
import { notFound, TaskWriter } from './task-writer.ts';

export interface LocalBoardOptions {
  /** The folder that holds `.lattice`. */
  root: string;
  /** Whether the hooks of the board's config run; they are commands that came with the board. */
  hooks: boolean;
  /** Hears of each hook that failed. */
  warn?: (message: string) => void;
  now?: () => Date;
  /** How long to wait for one lock, in milliseconds. */
  lockTimeoutMs?: number;
}

/** A board in a folder of this machine, beside other programs that read and write it. */
export class LocalBoard implements BoardStorage {
  readonly root: string;
  readonly paths: BoardPaths;
  readonly locks: BoardLocks;
  readonly resources: BoardResources;
  readonly sessions: BoardSessions;
  readonly #now: () => Date;
  readonly #index: BoardIndex;
  readonly #writer: TaskWriter;
  readonly #hooks: HookRunner | undefined;
  #watch: Promise<BoardWatch> | undefined;

  constructor(options: LocalBoardOptions) {
    this.root = options.root;
    this.paths = new BoardPaths(options.root);
    this.locks = new BoardLocks({
      folder: this.paths.locks,
      ...(options.lockTimeoutMs === undefined ? {} : { timeoutMs: options.lockTimeoutMs }),
    });
    this.#now = options.now ?? (() => new Date());
    const shared = { paths: this.paths, locks: this.locks };
    this.#index = new BoardIndex(this.paths);
    this.#writer = new TaskWriter(shared);
    this.resources = new BoardResources(shared);
    this.sessions = new BoardSessions({ ...shared, now: this.#now });
    this.#hooks = options.hooks
      ? new HookRunner({ root: options.root, failed: options.warn ?? (() => undefined) })
      : undefined;
  }

  get readOnly(): string | undefined {
    return readOnlyReason(this.paths);
  }

  async config(): Promise<BoardConfig> {
    return readBoardConfig(this.paths);
  }

  async list(): Promise<readonly BoardEntry[]> {
    this.paths.assertInside();
    await this.#index.refreshAll();
    return this.#index.entries.snapshot().sort((a, b) => compare(a.id, b.id));
  }

  /** Every task with its events, for what needs the whole history of a board. */
  async states(): Promise<readonly TaskState[]> {
    return (await this.list()).flatMap(({ id, archived }) => {
      const state = taskState(readTaskLog(this.paths, id)?.events ?? []);
      return state ? [{ ...state, archived }] : [];
    });
  }

  broken(): ReadonlyMap<string, LatticeError> {
    return this.#index.broken;
  }

  async watch(): Promise<LiveSource<BoardEntry>> {
    this.#watch ??= BoardWatch.start(this.paths, ({ logs }) => {
      if (logs === undefined) void this.#index.refreshAll();
      else this.#index.refresh([...logs].flatMap((name) => taskOfLog(name) ?? []));
    });
    await this.#watch;
    await this.#index.refreshAll();
    return this.#index.entries;
  }

  async get(ref: string): Promise<BoardTask> {
    this.paths.assertInside();
    const log = readTaskLog(this.paths, await this.resolve(ref));
    const state = log && taskState(log.events);
    const entry = log && entryOf(log);
    if (!state || !entry) throw notFound(ref);
    return {
      ...state,
      archived: entry.archived,
      ...(entry.damage === undefined ? {} : { damage: entry.damage }),
    };
  }

  /** The id of a task that is named by id or short id. @throws LatticeError `not_found`, `invalid_input`. */
  async resolve(ref: string): Promise<string> {
    return resolveTaskRef(this.paths, this.#index, ref);
  }

  async create(input: CreateInput, author: BoardAuthor): Promise<BoardOutcome> {
    const context = this.contextOf(author);
    return this.#after(await this.#writer.create(input, context), context.config);
  }

  async apply(ref: string, operation: TaskOperation, author: BoardAuthor): Promise<BoardOutcome> {
    const context = this.contextOf(author);
    const id = await this.resolve(ref);
    const wantsCount = operation.op === 'status' && this.#isLimited(context.config, operation.status);
    if (wantsCount || needsGraph(operation)) await this.#index.refreshAll();
    const graph = relationGraph(needsGraph(operation) ? this.#tasks() : []);
    const inTarget = wantsCount ? { inTarget: this.#count(context.config, operation.status) } : {};
    const outcome = await this.#writer.change(
      id,
      (state, plan) => planOperation(state, operation, { plan, graph, ...inTarget }, context),
      {
        mirrored: isMirrored(operation),
        ...(operation.op === 'attach' && operation.bytes !== undefined ? { payload: operation.bytes } : {}),
      },
    );
    return this.#after(outcome, context.config);
  }

  #isLimited(config: BoardConfig, input: string): boolean {
    const status = resolveStatus(config, input);
    return status !== undefined && wipLimit(config, status) !== undefined;
  }

  #count(config: BoardConfig, input: string): number {
    const status = resolveStatus(config, input);
    return this.#index.entries.snapshot().filter(({ task, archived }) => !archived && task.status === status)
      .length;
  }

  #tasks(): TaskSnapshot[] {
    return this.#index.entries.snapshot().map(({ task }) => task);
  }

  /** Gives a short id to every task that has none, or shares one with an older task. */
  async backfillIds(author: BoardAuthor): Promise<readonly BoardOutcome[]> {
    const context = this.contextOf(author);
    const taken = new Set<string>();
    const outcomes: BoardOutcome[] = [];
    const byAge = [...(await this.list())].sort((a, b) => compare(a.task.created_at, b.task.created_at));
    for (const { id, task } of byAge) {
      if (task.short_id !== undefined && !taken.has(task.short_id)) taken.add(task.short_id);
      else outcomes.push(this.#after(await this.#writer.giveShortId(id, context), context.config));
    }
    return outcomes;
  }

  async next(query: NextQuery): Promise<TaskSnapshot | undefined> {
    return (await this.#choose(query))[0];
  }

  async claim(query: NextQuery, author: BoardAuthor): Promise<BoardOutcome | undefined> {
    this.#assertWritable();
    return this.locks.within(['next_claim'], async () =>
      claimFirst(await this.#choose({ ...query, actor: author.actor }), (task) =>
        this.apply(task, { op: 'claim' }, author),
      ),
    );
  }

  async #choose(query: NextQuery): Promise<readonly TaskSnapshot[]> {
    return nextCandidates(await this.list(), readBoardConfig(this.paths), query);
  }

  async readText(ref: string, kind: TextKind): Promise<BoardText> {
    const { task, archived } = await this.get(ref);
    return readBoardText(this.paths, kind, task.id, archived);
  }

  async writeText(ref: string, kind: TextKind, text: string, digest?: string): Promise<BoardText> {
    this.#assertWritable();
    const { task, archived } = await this.get(ref);
    if (archived)
      throw new LatticeError('not_found', `${task.short_id ?? task.id} is archived.`, {
        hint: 'Bring it back from the archive first.',
      });
    return this.locks.with([`events_${task.id}`, `tasks_${task.id}`], () =>
      writeBoardText(this.paths, kind, task.id, text, digest),
    );
  }

  async artifact(id: string): Promise<ArtifactMeta | undefined> {
    const bytes = readBoardFile(this.paths.artifactMeta(id));
    return bytes && readArtifactMeta(bytes.toString('utf8'));
  }

  /** Looks for damage in every file of the board. */
  async doctor(): Promise<DoctorReport> {
    this.paths.assertInside();
    return examineBoard(this.paths, readBoardConfig(this.paths), this.#now());
  }

  /** Repairs what loses nothing by it, and says what is left. */
  async mend(): Promise<{ readonly fixed: readonly BoardFinding[]; readonly report: DoctorReport }> {
    this.#assertWritable();
    const mended = await mendBoard(this.paths, this.locks, readBoardConfig(this.paths), this.#now);
    await this.#index.refreshAll();
    return mended;
  }

  /** Writes the snapshot of a task anew from its log. */
  async rebuild(ref: string): Promise<string> {
    this.#assertWritable();
    const id = await this.resolve(ref);
    await this.locks.with([`events_${id}`, `tasks_${id}`], () => rebuildTask(this.paths, id));
    this.#index.refresh([id]);
    return id;
  }

  /** Writes everything that follows from the logs anew. */
  async rebuildAll(): Promise<RebuildReport & { readonly resources: readonly string[] }> {
    this.#assertWritable();
    const report = await rebuildBoard(this.paths, this.locks, shortIdPrefix(readBoardConfig(this.paths)));
    const resources = await this.resources.rebuild();
    await this.#index.refreshAll();
    return { ...report, resources };
  }

  #after(outcome: BoardOutcome, config: BoardConfig): BoardOutcome {
    this.#index.refresh([outcome.task.id]);
    if (this.#hooks && config.hooks) for (const event of outcome.events) this.#hooks.run(config.hooks, event);
    return outcome;
  }

  /** What a write by this author is judged and written with. @throws LatticeError `unsupported` for a board that is read only. */
  contextOf(author: BoardAuthor): OperationContext {
    this.#assertWritable();
    const now = this.#now();
    return {
      actor: author.actor,
      now,
      newId: (kind) => `${kind}_${ulid(now.getTime())}`,
      config: readBoardConfig(this.paths),
      ...(author.provenance === undefined ? {} : { provenance: author.provenance }),
      ...(author.agentMeta === undefined ? {} : { agentMeta: author.agentMeta }),
    };
  }

  #assertWritable(): void {
    this.paths.assertInside();
    const reason = this.readOnly;
    if (reason !== undefined)
      throw new LatticeError('unsupported', `${reason} Lattice does not write to it.`, {
        hint: 'Change it with the program that the server belongs to.',
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    (await this.#watch)?.[Symbol.dispose]();
    await this.#hooks?.[Symbol.asyncDispose]();
  }
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
