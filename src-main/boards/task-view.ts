import { actorName, sameActor } from '../../src-shared/tracker/actor.ts';
import type { ArtifactMeta } from '../../src-shared/tracker/artifact.ts';
import { type Comment, commentTree } from '../../src-shared/tracker/comments.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import { judgeMove } from '../../src-shared/tracker/gates.ts';
import type { RelationGraph } from '../../src-shared/tracker/graph.ts';
import { isScaffoldPlan } from '../../src-shared/tracker/plan-text.ts';
import type {
  Card,
  CardRun,
  CommentLine,
  MoveVerdict,
  RelationView,
  TaskDetail,
} from '../../src-shared/views/board.ts';
import type { BoardTask, BoardText } from '../tracker/board-storage.ts';
import { actorView } from './actor-view.ts';
import { workMarks } from './card-work.ts';
import { eventView, eventWords } from './event-words.ts';
import { refusalWords } from './refusal-words.ts';

/** Longest text that the window gets, in characters; more is cut and says so. */
const TEXT_LIMIT = 1_000_000;
/** Lines of history that the window gets. */
const HISTORY = 1_000;

function limited(text: string): string {
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}\n… (cut)` : text;
}

/** What the rules say to each move of a task. */
export function moveVerdicts(
  config: BoardConfig,
  { task, events }: BoardTask,
  plan: string | null,
  counts: ReadonlyMap<string, number>,
  readOnly: string | undefined,
): MoveVerdict[] {
  return config.workflow.statuses.map((to): MoveVerdict => {
    if (to === task.status) return { status: to, allowed: true, can_force: false };
    if (readOnly !== undefined) return { status: to, allowed: false, can_force: false, reason: readOnly };
    const verdict = judgeMove(config, { task, events, to, plan, inTarget: counts.get(to) ?? 0 });
    if (!verdict.ok)
      return { status: to, allowed: false, can_force: true, reason: refusalWords(verdict, config) };
    const [warning] = verdict.warnings;
    return { status: to, allowed: true, can_force: false, ...(warning === undefined ? {} : { warning }) };
  });
}

function commentLine(comment: Comment, me: string): CommentLine {
  return {
    id: comment.id,
    author: actorView(comment.author),
    at: comment.created_at,
    body: comment.deleted ? '' : limited(comment.body),
    edited: comment.edited,
    deleted: comment.deleted,
    ...(comment.role === null ? {} : { role: comment.role }),
    reactions: Object.entries(comment.reactions).flatMap(([emoji, actors]) =>
      actors.length === 0
        ? []
        : [
            {
              emoji,
              names: actors.map((actor) => actorView(actor).name),
              mine: actors.some((actor) => sameActor(actor, me)),
            },
          ],
    ),
    mine: actorName(comment.author) === me,
  };
}

function relationsOf({ task }: BoardTask, graph: RelationGraph): RelationView[] {
  const view = (direction: 'out' | 'in', type: string, id: string, note: string | null): RelationView => {
    const other = graph.nodes.get(id);
    return {
      direction,
      type,
      task_id: id,
      short_id: other?.short_id ?? id.slice(-6),
      title: other === undefined ? 'A task that is not on this board' : other.title.slice(0, 300),
      ...(other === undefined ? {} : { status: other.status }),
      ...(note === null ? {} : { note }),
    };
  };
  return [
    ...task.relationships_out.map((own) => view('out', own.type, own.target_task_id, own.note)),
    ...(graph.incoming.get(task.id) ?? []).map((edge) => view('in', edge.type, edge.from, edge.note)),
  ];
}

function runsOf({ events, task }: BoardTask): CardRun[] {
  const runs = new Map<string, CardRun>();
  for (const mark of workMarks(events)) {
    const before = runs.get(mark.work);
    if (before === undefined)
      runs.set(mark.work, {
        work_id: mark.work,
        agent: mark.agent,
        at: mark.event.ts,
        by: actorView(mark.event.actor),
      });
    else {
      const { kept: _, ...same } = before;
      const kept = mark.kept?.status === task.status ? { kept: mark.kept.reason } : {};
      const cost = mark.cost === undefined ? {} : { cost: mark.cost };
      runs.set(mark.work, { ...same, ...kept, ...cost, outcome: mark.state });
    }
  }
  return [...runs.values()];
}

/** What a detail is made of beside the task. */
export interface DetailFacts {
  card: Card;
  config: BoardConfig;
  graph: RelationGraph;
  counts: ReadonlyMap<string, number>;
  me: string;
  readOnly: string | undefined;
  plan: BoardText;
  notes: BoardText;
  artifacts: readonly (ArtifactMeta | undefined)[];
}

/** A task in full for the window. */
export function taskDetail(state: BoardTask, facts: DetailFacts): TaskDetail {
  const { task, events } = state;
  const { card, config, graph, plan, notes, me } = facts;
  const words = eventWords(config);
  return {
    card,
    title: limited(task.title),
    description: limited(task.description ?? ''),
    created_by: actorView(task.created_by),
    plan: {
      text: limited(plan.text),
      digest: plan.digest,
      exists: plan.exists,
      scaffold: isScaffoldPlan(plan.exists ? plan.text : null, task.description),
    },
    notes: { text: limited(notes.text), digest: notes.digest, exists: notes.exists },
    comments: commentTree(events).map((comment) => ({
      ...commentLine(comment, me),
      replies: comment.replies.map((reply) => commentLine(reply, me)),
    })),
    relations: relationsOf(state, graph),
    branches: task.branch_links.map(({ branch, repo }) => ({ branch, ...(repo === null ? {} : { repo }) })),
    artifacts: facts.artifacts.flatMap((meta) => {
      if (meta === undefined) return [];
      const role = task.evidence_refs.find((ref) => ref.id === meta.id)?.role;
      return [
        { id: meta.id, title: meta.title.slice(0, 300), type: meta.type, ...(role == null ? {} : { role }) },
      ];
    }),
    custom_fields: Object.entries(task.custom_fields).map(([name, value]) => ({
      name,
      value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 2_000),
    })),
    history: events.map((event, place) => eventView(event, place, task, words)).slice(-HISTORY),
    runs: runsOf(state),
    moves: moveVerdicts(config, state, plan.exists ? plan.text : null, facts.counts, facts.readOnly),
  };
}
