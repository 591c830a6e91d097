import { type Actor, isActorText } from '../actor.ts';
import type { ArtifactMeta } from '../artifact.ts';
import type { BoardConfig } from '../config.ts';
import type { Provenance, TaskEvent } from '../event.ts';
import type { IdKind } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { type Replay, replayTask } from '../replay.ts';
import type { TaskSnapshot } from '../snapshot.ts';
import { formatTimestamp } from '../timestamp.ts';
import { type Refusal, refuse } from '../verdict.ts';

/** Who acts, when, and where new ids come from. */
export interface OperationContext {
  readonly actor: Actor;
  readonly now: Date;
  /** A new id of a kind, `<kind>_<ULID>`. */
  newId(kind: IdKind): string;
  readonly config: BoardConfig;
  readonly provenance?: Provenance;
  /** Only written beside an actor that is text. */
  readonly agentMeta?: { readonly model?: string; readonly session?: string };
}

/** A task as an operation sees it: the replay of its whole log, read under the lock. */
export interface TaskState {
  readonly task: TaskSnapshot;
  readonly archived: boolean;
  readonly events: readonly TaskEvent[];
}

/** What an operation changes beside the log; to be written after the events and before the lock is released. */
export type FileChange =
  | { readonly kind: 'plan'; readonly how: 'create' | 'append'; readonly text: string }
  | { readonly kind: 'artifact_meta'; readonly meta: ArtifactMeta }
  | { readonly kind: 'artifact_payload'; readonly file: string; readonly text: string };

/** What an operation will do. No events means that everything already is as asked. */
export interface Planned {
  readonly ok: true;
  readonly events: readonly TaskEvent[];
  /** The task after the events. */
  readonly task: TaskSnapshot;
  readonly archived: boolean;
  readonly files: readonly FileChange[];
  /** Why there is nothing to do. */
  readonly note?: string;
  readonly warnings: readonly string[];
}

/** A plan for one task, or why it is refused. */
export type Plan = Planned | Refusal;

/** The state of a task from its events; undefined when they create no task. */
export function taskState(events: readonly TaskEvent[]): TaskState | undefined {
  const { task, archived } = replayTask(events);
  return task === undefined ? undefined : { task, archived, events };
}

/** Refuses an actor that may not stand in an event. */
export function checkActor(actor: Actor): Refusal | undefined {
  if (typeof actor !== 'string' || isActorText(actor)) return undefined;
  return refuse(
    'INVALID_ACTOR',
    `${JSON.stringify(actor)} is no actor. Write agent:, human: or team: and a name.`,
    {
      hint: 'For example human:ann or agent:codex-1.',
    },
  );
}

/** Refuses writes by a wrong actor and writes to a task that is archived or erased. */
export function checkWritable(state: TaskState, context: OperationContext): Refusal | undefined {
  const label = taskLabel(state.task);
  if (state.task.tombstoned === true) {
    return refuse('TASK_ERASED', `${label} was erased and takes no changes.`);
  }
  if (state.archived) {
    return refuse('NOT_FOUND', `${label} is archived.`, {
      hint: `Run \`lattice task unarchive ${label}\` first.`,
    });
  }
  return checkActor(context.actor);
}

/** The short id of a task, or its id on a board without short ids. */
export function taskLabel(task: Pick<TaskSnapshot, 'id' | 'short_id'>): string {
  return task.short_id ?? task.id;
}

/** An event of this operation. */
export function newEvent(
  taskId: string,
  type: string,
  data: JsonObject,
  context: OperationContext,
  id: string = context.newId('ev'),
): TaskEvent {
  return { task_id: taskId, id, type, data, ...eventBase(context) };
}

/** What every event of an operation carries, whatever it is about. */
export function eventBase(context: OperationContext) {
  const { provenance, agentMeta, actor } = context;
  return {
    schema_version: 1,
    ts: formatTimestamp(context.now),
    actor,
    ...(provenance === undefined || Object.keys(provenance).length === 0 ? {} : { provenance }),
    ...(agentMeta === undefined || typeof actor !== 'string' ? {} : { agent_meta: agentMeta }),
  };
}

/** A plan that appends these events. */
export function planned(
  state: TaskState,
  events: readonly TaskEvent[],
  more: { readonly files?: readonly FileChange[]; readonly warnings?: readonly string[] } = {},
): Planned {
  const start: Replay = { task: state.task, archived: state.archived, problems: [] };
  const after = replayTask(events, start);
  return {
    ok: true,
    events,
    task: after.task ?? state.task,
    archived: after.archived,
    files: more.files ?? [],
    warnings: more.warnings ?? [],
  };
}

/** A plan without events, and why. */
export function nothingToDo(state: TaskState, note: string): Planned {
  return { ...planned(state, []), note };
}

/** The state after a plan, to plan the next step of the same operation on. */
export function stateAfter(state: TaskState, plan: Planned): TaskState {
  return { task: plan.task, archived: plan.archived, events: [...state.events, ...plan.events] };
}
