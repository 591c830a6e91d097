import type { ActorView, BoardView } from '../../../../src-shared/views/board.ts';

/** Stands for no assignee where a choice needs a value. */
export const NOBODY = '-';

export interface AssigneeOption {
  value: string;
  label: string;
  meta?: string;
  actor?: ActorView;
}

/** Whom a task can be given to: nobody, oneself, and everyone the board knows. */
export function assigneeOptions(board: BoardView, current: ActorView | undefined): AssigneeOption[] {
  const known = new Map(board.members.map((member) => [member.key, member]));
  if (current !== undefined) known.set(current.key, current);
  return [
    { value: NOBODY, label: 'Nobody' },
    ...[...known.values()].map((actor) => ({
      value: actor.key,
      label: actor.name,
      actor,
      ...(actor.key === board.me ? { meta: 'You' } : {}),
    })),
  ];
}
