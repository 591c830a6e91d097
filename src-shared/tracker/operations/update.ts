import type { TaskEvent } from '../event.ts';
import { ownValue } from '../event-data.ts';
import { checkField } from '../fields.ts';
import { type JsonValue, sameJson } from '../json.ts';
import type { TaskSnapshot } from '../snapshot.ts';
import { refuse } from '../verdict.ts';
import {
  checkWritable,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

const CUSTOM = 'custom_fields.';

/**
 * Plans changes of fields by name: `title`, `description`, `priority`, `urgency`, `complexity`, `type`, `tags`
 * (a list, or words with commas) and `custom_fields.<name>` (any value). Fields that stay as they are make no event.
 */
export function planUpdate(
  state: TaskState,
  input: { readonly fields: Readonly<Record<string, JsonValue>> },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  const entries = Object.entries(input.fields);
  if (entries.length === 0) return refuse('VALIDATION_ERROR', 'Name at least one field, as field=value.');
  const events: TaskEvent[] = [];
  for (const [field, value] of entries) {
    const checked = checkField(context.config, field, value);
    if (!checked.ok) return checked;
    const from = currentValue(state.task, field);
    if (sameValue(field, from, checked.value)) continue;
    events.push(newEvent(state.task.id, 'field_updated', { field, from, to: checked.value }, context));
  }
  return events.length === 0 ? nothingToDo(state, 'No changes.') : planned(state, events);
}

function currentValue(task: TaskSnapshot, field: string): JsonValue {
  if (!field.startsWith(CUSTOM)) return ownValue(task, field) ?? null;
  return ownValue(task.custom_fields, field.slice(CUSTOM.length)) ?? null;
}

function sameValue(field: string, from: JsonValue, to: JsonValue): boolean {
  if (field === 'tags' && from === null) return Array.isArray(to) && to.length === 0;
  return sameJson(from, to);
}
