import { LatticeError } from '../../src-shared/errors.ts';
import { shortIdPrefix } from '../../src-shared/tracker/ids.ts';
import type { IdsIndex } from '../../src-shared/tracker/ids-index.ts';
import { allocateShortId } from '../../src-shared/tracker/ids-index.ts';
import { type CreateInput, planCreate } from '../../src-shared/tracker/operations/create.ts';
import type {
  FileChange,
  OperationContext,
  Plan,
  Planned,
  TaskState,
} from '../../src-shared/tracker/operations/operation.ts';
import { planShortId } from '../../src-shared/tracker/operations/short-id.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import { refusalError } from '../../src-shared/tracker/verdict.ts';
import { writeBoardFile } from './board-file.ts';
import type { BoardLocks } from './board-locks.ts';
import type { BoardPaths } from './board-paths.ts';
import type { BoardOutcome } from './board-storage.ts';
import { appendPlan, readPlan } from './board-text.ts';
import { readLogText } from './log-text.ts';
import { quarantineTorn } from './quarantine.ts';
import { safeIds } from './short-ids.ts';
import { commitTask, placeTask } from './task-commit.ts';
import { readTaskLog, type TaskLog, taskLogOf } from './task-log.ts';

/** Decides what to write, on the task as it is under the lock. */
export type Decide = (state: TaskState, plan: string | null) => Plan;

/** Writes to one board: everything is decided on the log as it is under the locks that every program takes. */
export class TaskWriter {
  readonly #paths: BoardPaths;
  readonly #locks: BoardLocks;

  constructor(options: { paths: BoardPaths; locks: BoardLocks }) {
    this.#paths = options.paths;
    this.#locks = options.locks;
  }

  /**
   * Changes a task. `mirrored` says that the change may be one that the lifecycle log mirrors, `payload` is what an attached file holds.
   * @throws LatticeError of the refusal, `not_found`, `busy`, `io_failed`; nothing was written then.
   */
  async change(
    id: string,
    decide: Decide,
    more: { mirrored?: boolean; payload?: Uint8Array } = {},
  ): Promise<BoardOutcome> {
    const { mirrored = false, payload } = more;
    const keys = [`events_${id}`, `tasks_${id}`, ...(mirrored ? ['events__lifecycle'] : [])];
    return this.#locks.with(keys, async () => {
      const log = await this.#readSound(id);
      const state = stateOf(log);
      if (!state) throw notFound(id);
      const decided = decide(state, readPlan(this.#paths, id, state.archived));
      return this.#carryOut(log, accepted(decided), payload);
    });
  }

  /** Makes a task and gives it the next short id; the same id with the same fields makes no second one. */
  async create(input: CreateInput, context: OperationContext): Promise<BoardOutcome> {
    const id = input.id ?? context.newId('task');
    const prefix = shortIdPrefix(context.config);
    // A refusal needs no lock and takes no number.
    accepted(planCreate(undefined, { ...input, id }, context));
    const keys = ['events__lifecycle', `events_${id}`, 'ids_json', `tasks_${id}`];
    return this.#locks.with(keys, async () => {
      const log = await this.#readSound(id);
      const existing = stateOf(log);
      if (existing) return outcomeOf(accepted(planCreate(existing, { ...input, id }, context)));
      if (prefix === undefined)
        return this.#carryOut(log, accepted(planCreate(undefined, { ...input, id }, context)));
      const { shortId, index } = this.#reserve(prefix, id);
      const plan = accepted(planCreate(undefined, { ...input, id, shortId }, context));
      // The number is taken before the log says so: after a crash it is lost, which is better than given out twice.
      await writeBoardFile(this.#paths.ids, serialiseDocument(index));
      return this.#carryOut(log, plan);
    });
  }

  /** Gives a task the next short id, in place of the one it has. */
  async giveShortId(id: string, context: OperationContext): Promise<BoardOutcome> {
    const prefix = shortIdPrefix(context.config);
    if (prefix === undefined)
      throw new LatticeError(
        'invalid_input',
        'The board has no project code, so its tasks have no short ids.',
        {
          hint: 'Set one with: lattice board set-project-code LAT',
        },
      );
    return this.#locks.with([`events_${id}`, 'ids_json', `tasks_${id}`], async () => {
      const log = await this.#readSound(id);
      const state = stateOf(log);
      if (!state) throw notFound(id);
      const { shortId, index } = allocateShortId(safeIds(this.#paths, prefix), prefix, id);
      const plan = accepted(planShortId(state, { shortId }, context));
      await writeBoardFile(this.#paths.ids, serialiseDocument(index));
      return this.#carryOut(log, plan);
    });
  }

  /** The short id of a task whose creation did not get further than the index, or a new one. */
  #reserve(prefix: string, id: string): { shortId: string; index: IdsIndex } {
    const index = safeIds(this.#paths, prefix);
    const before = Object.entries(index.map).find(([, task]) => task === id)?.[0];
    return before === undefined ? allocateShortId(index, prefix, id) : { shortId: before, index };
  }

  /** The log without torn lines, with its files where its events say. */
  async #readSound(id: string): Promise<TaskLog> {
    const log = readTaskLog(this.#paths, id);
    if (!log) return taskLogOf(id, this.#paths.log(id), false, readLogText(new Uint8Array()));
    const { text, moved } = await quarantineTorn(this.#paths.quarantine, log.path, log.text);
    const sound = moved.length === 0 ? log : taskLogOf(id, log.path, log.inArchive, text);
    const { task, archived } = sound.replay;
    if (task === undefined || archived === sound.inArchive || !sayPlace(sound)) return sound;
    await placeTask(this.#paths, id, archived);
    return readTaskLog(this.#paths, id, archived) ?? sound;
  }

  async #carryOut(log: TaskLog, plan: Planned, payload?: Uint8Array): Promise<BoardOutcome> {
    if (plan.events.length === 0) return outcomeOf(plan);
    // What an event points to is there before the event is.
    for (const file of plan.files) await this.#writeArtifact(file, payload);
    const committed = await commitTask(this.#paths, log, plan.events);
    const warnings = [...plan.warnings, ...committed.warnings];
    for (const file of plan.files) {
      try {
        await this.#writePlan(file, committed.task.id, committed.archived);
      } catch (error) {
        warnings.push(`${LatticeError.from(error).message} The change itself is saved.`);
      }
    }
    return { ...outcomeOf(plan), task: committed.task, archived: committed.archived, warnings };
  }

  async #writeArtifact(file: FileChange, payload: Uint8Array | undefined): Promise<void> {
    if (file.kind === 'artifact_payload')
      await writeBoardFile(this.#paths.artifactPayload(file.file), file.text);
    if (file.kind !== 'artifact_meta') return;
    if (payload !== undefined && file.meta.payload.file !== null)
      await writeBoardFile(this.#paths.artifactPayload(file.meta.payload.file), payload);
    await writeBoardFile(this.#paths.artifactMeta(file.meta.id), serialiseDocument(file.meta));
  }

  async #writePlan(file: FileChange, id: string, archived: boolean): Promise<void> {
    if (file.kind !== 'plan') return;
    if (file.how === 'append') await appendPlan(this.#paths, id, archived, file.text);
    else await writeBoardFile(this.#paths.text('plan', id, archived), file.text);
  }
}

/** Whether the events say at all where the files belong; older boards only move files. */
function sayPlace(log: TaskLog): boolean {
  return log.events.some(({ type }) => type === 'task_archived' || type === 'task_unarchived');
}

function stateOf(log: TaskLog): TaskState | undefined {
  const { task, archived } = log.replay;
  return task && { task, archived: archived || log.inArchive, events: log.events };
}

function outcomeOf(plan: Planned): BoardOutcome {
  const { task, archived, events, note, warnings } = plan;
  return { task, archived, events, warnings, ...(note === undefined ? {} : { note }) };
}

/** @throws LatticeError of the refusal. */
function accepted(plan: Plan): Planned {
  if (plan.ok) return plan;
  throw refusalError(plan);
}

/** The error for a task that is not there. */
export function notFound(ref: string): LatticeError {
  const what = ref.startsWith('task_') ? `Task ${ref.slice(0, 80)}` : `Short ID '${ref.slice(0, 80)}'`;
  return new LatticeError('not_found', `${what} not found.`, {
    hint: 'lattice task list shows what there is.',
    details: { board_code: 'NOT_FOUND' },
  });
}
