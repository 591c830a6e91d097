import { z } from 'zod';
import { actorSchema } from './actor.ts';
import type { JsonObject, JsonValue } from './json.ts';

const anyValue = z.custom<JsonValue>((value) => value !== undefined);
const anyObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const textOrNull = z.string().nullish();
const actorOrNull = actorSchema.nullish();
const id = z.string().min(1);

/**
 * What the reducer relies on in `data`, by event type. Looser than what our writer produces: recorded
 * `from`, `previous_body` and the like may be anything, because older writers put anything there.
 */
const dataSchemas = {
  task_created: z.looseObject({
    title: z.string(),
    status: z.string(),
    type: z.string(),
    priority: textOrNull,
    urgency: textOrNull,
    complexity: textOrNull,
    description: textOrNull,
    tags: z.array(z.string()).nullish(),
    assigned_to: actorOrNull,
    short_id: textOrNull,
    custom_fields: anyObject.nullish(),
  }),
  status_changed: z.looseObject({ from: anyValue.optional(), to: z.string() }),
  assignment_changed: z.looseObject({ from: anyValue.optional(), to: actorOrNull }),
  field_updated: z.looseObject({ field: z.string().min(1), from: anyValue.optional(), to: anyValue }),
  comment_added: z.looseObject({ body: z.string(), parent_id: textOrNull, role: textOrNull }),
  comment_edited: z.looseObject({
    comment_id: id,
    body: z.string(),
    previous_body: anyValue.optional(),
    role: textOrNull,
  }),
  comment_deleted: z.looseObject({ comment_id: id }),
  reaction_added: z.looseObject({ comment_id: id, emoji: z.string() }),
  reaction_removed: z.looseObject({ comment_id: id, emoji: z.string() }),
  relationship_added: z.looseObject({ type: z.string(), target_task_id: id, note: textOrNull }),
  relationship_removed: z.looseObject({ type: z.string(), target_task_id: id }),
  artifact_attached: z.looseObject({
    artifact_id: id,
    role: textOrNull,
    criterion_ids: z.array(z.string()).optional(),
  }),
  branch_linked: z.looseObject({ branch: z.string(), repo: textOrNull }),
  branch_unlinked: z.looseObject({ branch: z.string(), repo: textOrNull }),
  task_short_id_assigned: z.looseObject({ short_id: z.string() }),
  needs_human_flagged: z.looseObject({ reason: z.string() }),
  file_linked: z.looseObject({ paths: z.array(z.string()) }),
  file_unlinked: z.looseObject({ paths: z.array(z.string()) }),
  acceptance_criterion_added: z.looseObject({ criterion_id: id, outcome: z.string() }),
  acceptance_criterion_edited: z.looseObject({ criterion_id: id, outcome: z.string(), revision: z.number() }),
  acceptance_criterion_retired: z.looseObject({ criterion_id: id }),
  task_tombstoned: z.looseObject({ reason: textOrNull }),
  resource_created: z.looseObject({
    name: z.string(),
    max_holders: z.int().positive().optional(),
    ttl_seconds: z.number().positive().optional(),
    description: textOrNull,
  }),
  resource_acquired: z.looseObject({ holder: actorSchema, expires_at: z.string(), task_id: textOrNull }),
  resource_released: z.looseObject({ holder: actorSchema }),
  resource_heartbeat: z.looseObject({ holder: actorSchema, expires_at: z.string() }),
  resource_expired: z.looseObject({ holder: actorSchema }),
  resource_updated: z.looseObject({ field: z.string(), new_value: anyValue }),
} as const;

type DataSchemas = typeof dataSchemas;

/** The event types whose data has a shape that the reducer relies on. */
export type ShapedType = keyof DataSchemas;

/** The data of an event type. */
export type DataOf<T extends ShapedType> = z.infer<DataSchemas[T]>;

const FIELD_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  title: z.string(),
  type: z.string(),
  priority: textOrNull,
  urgency: textOrNull,
  complexity: textOrNull,
  description: textOrNull,
  tags: z.array(z.string()).nullish(),
};

/** The name of what is wrong in an event's data, or undefined; types that are not known have no wrong data. */
export function dataProblem(type: string, data: JsonObject): string | undefined {
  if (!Object.hasOwn(dataSchemas, type)) return undefined;
  const schema: z.ZodType = dataSchemas[type as ShapedType];
  const parsed = schema.safeParse(data);
  if (!parsed.success) return `data.${parsed.error.issues[0]?.path.join('.') ?? ''}`;
  if (type !== 'field_updated') return undefined;
  const field = String(data.field);
  if (!Object.hasOwn(FIELD_SCHEMAS, field)) return undefined;
  return FIELD_SCHEMAS[field]?.safeParse(data.to).success ? undefined : 'data.to';
}

/** The data of an event that was read with `readTaskEvent` or `readResourceEvent`, by its type. */
export function dataOf<T extends ShapedType>(_type: T, event: { readonly data: JsonObject }): DataOf<T> {
  return event.data as unknown as DataOf<T>;
}

/** The value of an own key; keys that every object inherits do not count. */
export function ownValue(object: object, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? (object as JsonObject)[key] : undefined;
}
