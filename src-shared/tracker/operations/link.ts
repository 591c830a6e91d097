import { checkText } from '../fields.ts';
import { cycleThrough, type RelationGraph } from '../graph.ts';
import { MAX_TEXT, MAX_TITLE } from '../limits.ts';
import { RELATIONSHIP_TYPES } from '../snapshot.ts';
import { type Refusal, refuse } from '../verdict.ts';
import {
  checkWritable,
  newEvent,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
  taskLabel,
} from './operation.ts';

/** A relationship to another task of the board. */
export interface LinkInput {
  /** One of the seven relationship types. */
  readonly type: string;
  readonly targetId: string;
  readonly note?: string;
}

/** Plans a relationship. Refuses one to the task itself, one that exists, and one that closes a circle. */
export function planLink(
  state: TaskState,
  input: LinkInput & { readonly graph: RelationGraph },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context) ?? checkLink(state, input);
  if (refusal !== undefined) return refusal;
  const data = {
    type: input.type,
    target_task_id: input.targetId,
    ...(input.note === undefined || input.note === '' ? {} : { note: input.note }),
  };
  return planned(state, [newEvent(state.task.id, 'relationship_added', data, context)]);
}

function checkLink(
  state: TaskState,
  input: LinkInput & { readonly graph: RelationGraph },
): Refusal | undefined {
  const { type, targetId, graph } = input;
  const wrongType = checkType(type);
  if (wrongType !== undefined) return wrongType;
  if (targetId === state.task.id) {
    return refuse('VALIDATION_ERROR', 'Cannot create a relationship from a task to itself.');
  }
  if (!graph.nodes.has(targetId)) return refuse('NOT_FOUND', `Task ${targetId} not found.`);
  if (hasLink(state, input)) {
    return refuse('CONFLICT', `Duplicate: ${type} relationship to ${targetId} already exists.`);
  }
  const note = checkText('note', input.note ?? '', MAX_TEXT);
  if (!note.ok) return note;
  const cycle = cycleThrough(graph, { from: state.task.id, type, to: targetId });
  if (cycle === undefined) return undefined;
  const names = cycle.map((id) => taskLabel(graph.nodes.get(id) ?? { id }));
  return refuse('CONFLICT', `This would close a circle: ${names.join(' → ')}.`, {
    hint: 'Unlink one of them first.',
    details: { cycle },
  });
}

function checkType(type: string): Refusal | undefined {
  if (RELATIONSHIP_TYPES.some((each) => each === type)) return undefined;
  return refuse('VALIDATION_ERROR', `${JSON.stringify(type)} is no relationship.`, {
    hint: `Use ${RELATIONSHIP_TYPES.join(', ')}.`,
  });
}

function hasLink(state: TaskState, { type, targetId }: LinkInput): boolean {
  return state.task.relationships_out.some((each) => each.type === type && each.target_task_id === targetId);
}

/** Plans the removal of a relationship. */
export function planUnlink(state: TaskState, input: LinkInput, context: OperationContext): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  if (!hasLink(state, input)) {
    return refuse('NOT_FOUND', `There is no ${input.type} relationship to ${input.targetId}.`);
  }
  const data = { type: input.type, target_task_id: input.targetId };
  return planned(state, [newEvent(state.task.id, 'relationship_removed', data, context)]);
}

/** A git branch, and the repository when there are several. */
export interface BranchInput {
  readonly branch: string;
  readonly repo?: string;
}

/** Plans the link of a branch. */
export function planBranchLink(state: TaskState, input: BranchInput, context: OperationContext): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  const branch = input.branch.trim();
  if (branch === '') return refuse('VALIDATION_ERROR', 'A branch needs a name.');
  const length = checkText('branch', branch, MAX_TITLE);
  if (!length.ok) return length;
  if (hasBranch(state, { ...input, branch })) {
    return refuse('CONFLICT', `Branch ${branch} is already linked.`);
  }
  return planned(state, [
    newEvent(state.task.id, 'branch_linked', branchData({ ...input, branch }), context),
  ]);
}

/** Plans the removal of a branch link. */
export function planBranchUnlink(state: TaskState, input: BranchInput, context: OperationContext): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  const branch = input.branch.trim();
  if (!hasBranch(state, { ...input, branch })) {
    return refuse('NOT_FOUND', `Branch ${branch} is not linked.`);
  }
  return planned(state, [
    newEvent(state.task.id, 'branch_unlinked', branchData({ ...input, branch }), context),
  ]);
}

function hasBranch(state: TaskState, { branch, repo }: BranchInput): boolean {
  return state.task.branch_links.some((each) => each.branch === branch && each.repo === (repo ?? null));
}

function branchData({ branch, repo }: BranchInput) {
  return { branch, ...(repo === undefined ? {} : { repo }) };
}
