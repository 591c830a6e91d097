import { isCustomType } from '../event.ts';
import { isId } from '../ids.ts';
import { isJsonObject, type JsonObject, sameJson } from '../json.ts';
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

/** An event of one's own. */
export interface CustomEventInput {
  /** `x_` and then a name. */
  readonly type: string;
  readonly data: JsonObject;
  /** Makes the operation safe to repeat. */
  readonly id?: string;
}

/** Plans an `x_` event; it changes no field. The same id with the same data changes nothing. */
export function planCustomEvent(state: TaskState, input: CustomEventInput, context: OperationContext): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  if (!isCustomType(input.type)) {
    return refuse(
      'VALIDATION_ERROR',
      `${JSON.stringify(input.type)} is no custom event. Its name begins with x_.`,
    );
  }
  if (!isJsonObject(input.data)) return refuse('VALIDATION_ERROR', 'The data of an event is a JSON object.');
  if (input.id !== undefined && !isId(input.id, 'ev')) {
    return refuse('INVALID_ID', `${JSON.stringify(input.id)} is no event id.`);
  }
  const before = state.events.find((event) => event.id === input.id);
  if (before !== undefined) {
    const same = before.type === input.type && sameJson(before.data, input.data);
    if (same) return nothingToDo(state, `Event ${before.id} exists already.`);
    return refuse('CONFLICT', `Conflict: event ${before.id} exists with different data.`);
  }
  const id = input.id ?? context.newId('ev');
  return planned(state, [newEvent(state.task.id, input.type, input.data, context, id)]);
}
