import { actorSchema } from '../../src-shared/tracker/actor.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import type { TaskEvent } from '../../src-shared/tracker/event.ts';
import type { TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import { billSchema, billWords } from '../../src-shared/views/bill.ts';
import type { BoardEvent } from '../../src-shared/views/board.ts';
import { actorView } from './actor-view.ts';
import { columnsOf } from './board-view.ts';
import { LINK_TYPE } from './card-work.ts';

/** Longest piece of a text that a line of history quotes, in characters. */
const QUOTE = 120;

function quoted(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ').trim();
  return text.length > QUOTE ? `${text.slice(0, QUOTE)}…` : text;
}

function who(value: unknown): string {
  const actor = actorSchema.safeParse(value);
  return actor.success ? actorView(actor.data).name : 'nobody';
}

/** What an event says, as a sentence whose subject is its actor. */
export type EventWords = (event: TaskEvent) => string;

/** Words for the events of a board, with its own names of statuses. */
export function eventWords(config: BoardConfig): EventWords {
  const names = new Map(columnsOf(config).map(({ status, name }) => [status, name]));
  const status = (value: unknown) => names.get(String(value)) ?? String(value);
  return ({ type, data }) => {
    switch (type) {
      case 'task_created':
        return `created the task in ${status(data.status)}`;
      case 'status_changed':
        return `moved it from ${status(data.from)} to ${status(data.to)}${
          data.force === true ? `, against the rules: ${quoted(data.reason)}` : ''
        }`;
      case 'assignment_changed':
        return data.to === null ? `took it from ${who(data.from)}` : `gave it to ${who(data.to)}`;
      case 'field_updated':
        return data.field === 'description'
          ? 'changed the description'
          : `changed ${quoted(data.field).replaceAll('_', ' ')} from ${quoted(data.from)} to ${quoted(data.to)}`;
      case 'comment_added':
        return `said: ${quoted(data.body)}`;
      case 'comment_edited':
        return `changed a comment to: ${quoted(data.body)}`;
      case 'comment_deleted':
        return 'deleted a comment';
      case 'reaction_added':
        return `reacted with ${quoted(data.emoji)}`;
      case 'reaction_removed':
        return `took back ${quoted(data.emoji)}`;
      case 'relationship_added':
        return `linked it: ${quoted(data.type).replaceAll('_', ' ')}`;
      case 'relationship_removed':
        return `removed a link: ${quoted(data.type).replaceAll('_', ' ')}`;
      case 'artifact_attached':
        return data.role === undefined ? 'attached something' : `attached evidence for ${quoted(data.role)}`;
      case 'branch_linked':
        return `linked the branch ${quoted(data.branch)}`;
      case 'branch_unlinked':
        return `unlinked the branch ${quoted(data.branch)}`;
      case 'task_short_id_assigned':
        return `named it ${quoted(data.short_id)}`;
      case 'task_archived':
        return 'archived it';
      case 'task_unarchived':
        return 'brought it back from the archive';
      case 'needs_human_flagged':
        return `asked for a person: ${quoted(data.reason)}`;
      case 'needs_human_cleared':
        return 'no longer asks for a person';
      case LINK_TYPE:
        return workWords(data);
      default:
        return type.replaceAll('_', ' ');
    }
  };
}

function workWords(data: TaskEvent['data']): string {
  const agent = quoted(data.agent);
  const bill = billSchema.safeParse(data.cost);
  switch (data.state) {
    case 'given':
      return `gave it to ${agent} as work`;
    case 'running':
      return `saw ${agent} work on it`;
    case 'asks':
      return `saw ${agent} ask: ${quoted(data.reason)}`;
    default:
      return `saw the work of ${agent} end: ${quoted(data.state)}${bill.success ? `, for ${billWords(bill.data)}` : ''}`;
  }
}

/** An event with its words and its task. */
export function eventView(
  event: TaskEvent,
  place: number,
  task: TaskSnapshot,
  words: EventWords,
): BoardEvent {
  return {
    id: event.id,
    at: event.ts,
    actor: actorView(event.actor),
    type: event.type,
    text: words(event),
    task_id: task.id,
    short_id: task.short_id ?? task.id.slice(-6),
    title: task.title.slice(0, QUOTE),
    place,
  };
}
