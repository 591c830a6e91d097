import {
  checkWritable,
  newEvent,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

/** Plans the mark in the log that the plan or the notes of a task were written. */
export function planProseWritten(
  state: TaskState,
  input: {
    readonly file: 'plan' | 'notes';
    /** SHA-256 of the new text, in lower case hexadecimal. */
    readonly sha256: string;
    readonly bytes: number;
  },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  const type = input.file === 'plan' ? 'plan_written' : 'notes_written';
  const data = { sha256: input.sha256, bytes: input.bytes };
  return planned(state, [newEvent(state.task.id, type, data, context)]);
}
