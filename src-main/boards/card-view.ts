import { dependenciesOf, type RelationGraph } from '../../src-shared/tracker/graph.ts';
import { CARD_TITLE_LIMIT, type Card } from '../../src-shared/views/board.ts';
import type { BoardEntry } from '../tracker/board-index.ts';
import { actorView } from './actor-view.ts';

/** Tags that a card carries at most. */
const TAGS = 20;

/** What a card says beside its task. */
export interface CardFacts {
  graph: RelationGraph;
  closed: ReadonlySet<string>;
  workId: string | undefined;
}

/** A task as a card of the board. */
export function cardView({ task, archived }: BoardEntry, { graph, closed, workId }: CardFacts): Card {
  const open = dependenciesOf(graph, task.id).filter((other) => !closed.has(other.status));
  return {
    id: task.id,
    short_id: task.short_id ?? task.id.slice(-6),
    title: task.title.slice(0, CARD_TITLE_LIMIT),
    status: task.status,
    priority: task.priority ?? 'medium',
    ...(task.urgency == null ? {} : { urgency: task.urgency }),
    ...(task.complexity == null ? {} : { complexity: task.complexity }),
    type: task.type,
    ...(task.assigned_to === null ? {} : { assignee: actorView(task.assigned_to) }),
    tags: (task.tags ?? []).slice(0, TAGS),
    created_at: task.created_at,
    updated_at: task.updated_at,
    since: task.last_status_changed_at,
    ...(task.done_at === null ? {} : { done_at: task.done_at }),
    comments: task.comment_count,
    reopened: task.reopened_count,
    relations: task.relationships_out.length + (graph.incoming.get(task.id)?.length ?? 0),
    branches: task.branch_links.length,
    waits_for: open.map((other) => other.short_id ?? other.id),
    archived,
    ...(task.needs_human == null ? {} : { needs_human: task.needs_human.reason }),
    ...(workId === undefined ? {} : { work_id: workId }),
  };
}
