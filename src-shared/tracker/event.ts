import { z } from 'zod';
import { type Actor, actorSchema } from './actor.ts';
import { dataProblem } from './event-data.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Why and for whom a write was made. */
export interface Provenance {
  readonly triggered_by?: string;
  readonly on_behalf_of?: string;
  readonly reason?: string;
}

/** One line of a log. `data` is kept as it came, whatever the type; keys that are not known are kept too. */
export interface TrackerEvent {
  readonly schema_version: number;
  readonly id: string;
  /** UTC, whole seconds. */
  readonly ts: string;
  readonly type: string;
  readonly actor: Actor;
  readonly data: JsonObject;
  readonly task_id?: string;
  readonly resource_id?: string;
  readonly provenance?: Provenance;
  /** Only beside an actor that is text. */
  readonly agent_meta?: { readonly model?: string; readonly session?: string };
  readonly [key: string]: unknown;
}

/** An event in the log of a task. */
export interface TaskEvent extends TrackerEvent {
  readonly task_id: string;
}

/** An event in the log of a resource. */
export interface ResourceEvent extends TrackerEvent {
  readonly resource_id: string;
}

const eventSchema = z.looseObject({
  id: z.string().min(1),
  ts: z.string().min(1),
  type: z.string().min(1),
  actor: actorSchema,
  data: z.custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    {
      error: 'is no object',
    },
  ),
  task_id: z.string().optional(),
  resource_id: z.string().optional(),
});

/** An event, or the words that say what is wrong with the value. */
export type EventReading<E> =
  | { readonly ok: true; readonly event: E }
  | { readonly ok: false; readonly problem: string };

/** Reads a parsed line of a task's log. The event is the value itself, so nothing in it is lost or reordered. */
export function readTaskEvent(value: JsonValue): EventReading<TaskEvent> {
  const read = readEvent(value);
  if (!read.ok) return read;
  if (typeof read.event.task_id !== 'string') return { ok: false, problem: 'The event has no task_id.' };
  return { ok: true, event: read.event as TaskEvent };
}

/** Reads a parsed line of a resource's log. */
export function readResourceEvent(value: JsonValue): EventReading<ResourceEvent> {
  const read = readEvent(value);
  if (!read.ok) return read;
  if (typeof read.event.resource_id !== 'string')
    return { ok: false, problem: 'The event has no resource_id.' };
  return { ok: true, event: read.event as ResourceEvent };
}

function readEvent(value: JsonValue): EventReading<TrackerEvent> {
  const parsed = eventSchema.safeParse(value);
  if (parsed.success) {
    const problem = dataProblem(parsed.data.type, parsed.data.data);
    if (problem === undefined) return { ok: true, event: value as unknown as TrackerEvent };
    return { ok: false, problem: `The event's ${problem} is missing or not of the right kind.` };
  }
  const where = parsed.error.issues[0]?.path.join('.');
  if (where === undefined || where === '') return { ok: false, problem: 'The line is no event object.' };
  return { ok: false, problem: `The event's ${where} is missing or not of the right kind.` };
}

/** The types whose events are mirrored to the lifecycle log. */
const LIFECYCLE_TYPES: readonly string[] = ['task_created', 'task_archived', 'task_unarchived'];

/** True for an event that the lifecycle log mirrors. */
export function isLifecycleEvent(event: TrackerEvent): boolean {
  return LIFECYCLE_TYPES.includes(event.type);
}

/** Lifecycle events in the order of the rebuilt log: by time, then by id. */
export function sortLifecycle(events: readonly TaskEvent[]): TaskEvent[] {
  const order = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
  return events.filter(isLifecycleEvent).sort((a, b) => order(a.ts, b.ts) || order(a.id, b.id));
}

/** True for the types anybody may write: `x_` and then a name. */
export function isCustomType(type: string): boolean {
  return /^x_[A-Za-z0-9_.-]+$/.test(type);
}
