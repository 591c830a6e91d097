import type { Actor } from '../actor.ts';
import { checkField } from '../fields.ts';
import { unknownStatus } from '../gates.ts';
import { isId } from '../ids.ts';
import { isJsonObject, type JsonObject, type JsonValue, sameJson } from '../json.ts';
import { scaffoldPlan } from '../plan-text.ts';
import { createTask } from '../replay.ts';
import { type Refusal, refuse } from '../verdict.ts';
import { resolveStatus } from '../workflow.ts';
import {
  checkActor,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  type TaskState,
} from './operation.ts';

/** A new task. What is left out comes from the board's config. */
export interface CreateInput {
  readonly title: string;
  readonly type?: string;
  readonly priority?: string;
  readonly urgency?: string | null;
  readonly complexity?: string | null;
  readonly status?: string;
  readonly description?: string | null;
  readonly tags?: readonly string[];
  readonly assignedTo?: Actor | null;
  readonly customFields?: JsonObject;
  /** Makes the operation safe to repeat: the same id with the same fields changes nothing. */
  readonly id?: string;
  /** Taken from the index under its lock; left out on a board without a project code. */
  readonly shortId?: string;
}

/**
 * Plans a new task. `existing` is the task that has `input.id` already, if any. The first status is not gated.
 * The same input for an existing task changes nothing; other input is a conflict.
 */
export function planCreate(
  existing: TaskState | undefined,
  input: CreateInput,
  context: OperationContext,
): Plan {
  const data = createData(input, context);
  if ('ok' in data) return data;
  const { short_id: _, ...fields } = data.fields;
  if (existing !== undefined) return repeated(existing, fields);
  const id = input.id ?? context.newId('task');
  const event = newEvent(id, 'task_created', data.fields, context);
  const task = createTask(event);
  const files = [{ kind: 'plan', how: 'create', text: scaffoldPlan(task) }] as const;
  return { ok: true, events: [event], task, archived: false, files, warnings: [] };
}

const SAME_FIELDS = [
  'title',
  'type',
  'priority',
  'urgency',
  'complexity',
  'status',
  'description',
  'tags',
  'assigned_to',
] as const;

function repeated(existing: TaskState, fields: JsonObject): Plan {
  const created = existing.events.find((event) => event.type === 'task_created');
  const before: JsonObject = created === undefined ? {} : created.data;
  const same = SAME_FIELDS.every((name) => sameJson(before[name] ?? null, fields[name] ?? null));
  if (same) return nothingToDo(existing, `Task ${existing.task.id} exists already.`);
  return refuse('CONFLICT', `Conflict: task ${existing.task.id} exists with different data.`);
}

function createData(input: CreateInput, context: OperationContext): { fields: JsonObject } | Refusal {
  const { config } = context;
  const wrong =
    checkActor(context.actor) ?? (input.assignedTo == null ? undefined : checkActor(input.assignedTo));
  if (wrong !== undefined) return wrong;
  if (input.id !== undefined && !isId(input.id, 'task')) {
    return refuse('INVALID_ID', `${JSON.stringify(input.id)} is no task id.`, {
      hint: 'A task id is task_ and a ULID of 26 characters.',
    });
  }
  const wanted = input.status ?? config.default_status;
  const status = resolveStatus(config, wanted);
  if (status === undefined) return unknownStatus(config, wanted);
  const checked = checkFields(input, context);
  if ('ok' in checked) return checked;
  if (input.customFields !== undefined && !isJsonObject(input.customFields)) {
    return refuse('VALIDATION_ERROR', 'Custom fields are an object of names and values.');
  }
  const custom = input.customFields ?? {};
  const fields: JsonObject = {
    ...checked.fields,
    status,
    ...(input.assignedTo == null ? {} : { assigned_to: input.assignedTo as JsonValue }),
    ...(Object.keys(custom).length === 0 ? {} : { custom_fields: custom }),
    ...(input.shortId === undefined ? {} : { short_id: input.shortId }),
  };
  return { fields };
}

function checkFields(input: CreateInput, { config }: OperationContext): { fields: JsonObject } | Refusal {
  const given: readonly (readonly [string, JsonValue])[] = [
    ['title', input.title],
    ['type', input.type ?? config.task_types[0] ?? 'task'],
    ['priority', input.priority ?? config.default_priority],
    ['urgency', input.urgency ?? null],
    ['complexity', input.complexity ?? config.default_complexity ?? null],
    ['description', input.description ?? null],
    ['tags', input.tags ?? null],
  ];
  const fields: [string, JsonValue][] = [];
  for (const [name, value] of given) {
    const checked = checkField(config, name, value);
    if (!checked.ok) return checked;
    const empty = checked.value === null || (Array.isArray(checked.value) && checked.value.length === 0);
    if (!empty) fields.push([name, checked.value]);
  }
  return { fields: Object.fromEntries(fields) };
}
