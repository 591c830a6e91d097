import { createHash } from 'node:crypto';
import type { WorkOrderInput } from '../../src-shared/protocol/work.ts';
import { commentsById } from '../../src-shared/tracker/comments.ts';
import type { TaskEvent } from '../../src-shared/tracker/event.ts';
import { isId } from '../../src-shared/tracker/ids.ts';
import { isScaffoldPlan } from '../../src-shared/tracker/plan-text.ts';
import { type Bill, billSchema } from '../../src-shared/views/bill.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import type { BoardTask } from '../tracker/board-storage.ts';
import { actorView } from './actor-view.ts';

/** The event on a card that names its work and how that went; a program that does not know it leaves it alone. */
export const LINK_TYPE = 'x_lattice_work';

const CARD_LABEL = 'card:';
const FROM_LABEL = 'from:';
/** Longest piece of a plan or a comment that travels with the work, in characters. */
const PIECE = 50_000;
const COMMENTS = 50;

/** What a work says about its card: which task, and which station moves it. */
interface CardOfWork {
  task: string;
  station: string;
}

/** The labels that tie a work to a card, so that every station of the lattice can show it there. */
function labelsFor({ task, station }: CardOfWork): string[] {
  return [
    `${CARD_LABEL}${task}`,
    `${FROM_LABEL}${createHash('sha256').update(station).digest('hex').slice(0, 16)}`,
  ];
}

/** The task that a work was given for; undefined when it has none. */
export function taskOfWork({ labels = [] }: Pick<WorkView, 'labels'>): string | undefined {
  const task = labels.find((label) => label.startsWith(CARD_LABEL))?.slice(CARD_LABEL.length);
  return isId(task, 'task') ? task : undefined;
}

/** Whether a station gave this work, so that it and no other moves the card. */
export function isGivenBy({ labels = [] }: Pick<WorkView, 'labels'>, station: string): boolean {
  return labels.includes(labelsFor({ task: '', station })[1] ?? '');
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An id that is the same for the same words, so that writing twice writes once. */
export function derivedId(kind: 'ev' | 'art', ...words: string[]): string {
  const digest = createHash('sha256').update(words.join('\0')).digest();
  const letters = Array.from({ length: 25 }, (_, index) => ALPHABET[(digest[index] ?? 0) % 32]);
  return `${kind}_0${letters.join('')}`;
}

/** The order for a task: what an agent has to know to do it. */
export function orderFor(
  { task, events }: BoardTask,
  given: { agent: string; station: string | undefined; from: string; plan: string; by: string },
): WorkOrderInput {
  const label = task.short_id ?? task.id;
  const comments = [...commentsById(events).values()].filter((comment) => !comment.deleted).slice(-COMMENTS);
  const said = comments.map((comment) => ({
    by: actorView(comment.author).name,
    at: comment.created_at,
    text: comment.body.slice(0, PIECE),
  }));
  const plan = isScaffoldPlan(given.plan, task.description) ? '' : given.plan.slice(0, PIECE);
  const parts = [
    `${label}: ${task.title.slice(0, PIECE)}`,
    task.description?.slice(0, PIECE * 4) ?? '',
    plan === '' ? '' : `Plan:\n${plan}`,
    said.length === 0
      ? ''
      : `Comments:\n${said.map(({ by, text }) => `${by}: ${text.slice(0, 4_000)}`).join('\n\n')}`,
  ];
  return {
    task: parts
      .filter((part) => part.trim() !== '')
      .join('\n\n')
      .slice(0, 900_000),
    context: {
      task_id: task.id,
      short_id: label,
      title: task.title.slice(0, PIECE),
      description: (task.description ?? '').slice(0, PIECE),
      plan: plan.slice(0, 20_000),
      comments: said.slice(-10).map((comment) => ({ ...comment, text: comment.text.slice(0, 2_000) })),
    },
    agent: given.agent,
    ...(given.station === undefined ? {} : { station: given.station }),
    labels: labelsFor({ task: task.id, station: given.from }),
    priority: WORK_PRIORITY[task.priority ?? 'medium'] ?? 3,
    requested_by: given.by,
  };
}

const WORK_PRIORITY: Readonly<Record<string, number>> = { critical: 1, high: 2, medium: 3, low: 4 };

/** Why a card stayed where it is. */
export interface KeptBack {
  /** The rule, in words. */
  readonly reason: string;
  /** The status it stayed in. */
  readonly status: string;
}

/** How a work of a card stands, as its log on the card says it. */
export interface WorkMark {
  id: string;
  work: string;
  agent: string;
  state: string;
  /** What it cost, once it ended. */
  cost: Bill | undefined;
  /** The rule that kept the card where it was. */
  kept: KeptBack | undefined;
  event: TaskEvent;
}

/** What the log of a task says about its works, in order. */
export function workMarks(events: readonly TaskEvent[]): WorkMark[] {
  return events.flatMap((event): WorkMark[] => {
    const { work_id, agent, state, cost, kept, kept_in } = event.data;
    if (event.type !== LINK_TYPE || typeof work_id !== 'string') return [];
    return [
      {
        id: event.id,
        work: work_id,
        agent: typeof agent === 'string' ? agent : 'an agent',
        state: typeof state === 'string' ? state : 'given',
        cost: billSchema.safeParse(cost).data,
        kept:
          typeof kept === 'string' && typeof kept_in === 'string'
            ? { reason: kept.slice(0, PIECE), status: kept_in }
            : undefined,
        event,
      },
    ];
  });
}
