import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentsById } from './comments.ts';
import { type RelationGraph, relationGraph } from './graph.ts';
import { allocateShortId, deriveIdsIndex, EMPTY_IDS, type IdsIndex } from './ids-index.ts';
import type { JsonValue } from './json.ts';
import { planArchive, planUnarchive } from './operations/archive.ts';
import { planAssign } from './operations/assign.ts';
import { planAttach } from './operations/attach.ts';
import { planClaim } from './operations/claim.ts';
import { planComment } from './operations/comment.ts';
import { planCommentDelete, planCommentEdit, planReact, planUnreact } from './operations/comment-changes.ts';
import { planComplete } from './operations/complete.ts';
import { planCreate } from './operations/create.ts';
import { planCustomEvent } from './operations/custom-event.ts';
import { planBranchLink, planBranchUnlink, planLink, planUnlink } from './operations/link.ts';
import { type OperationContext, type Plan, stateAfter, type TaskState } from './operations/operation.ts';
import { planStatus } from './operations/status.ts';
import { planUpdate } from './operations/update.ts';
import { replayTask } from './replay.ts';
import { serialiseDocument, serialiseLine } from './serialise.ts';
import { RELATIONSHIP_TYPES } from './snapshot.ts';
import { checkStrictReplay } from './strict-replay.ts';
import { CONFIG, readLog, testContexts } from './testing.ts';

const RUNS = 10_000;

type Operation = (state: TaskState, graph: RelationGraph, context: OperationContext) => Plan;

const text = fc.oneof(
  fc.constantFrom(
    'First look',
    'ünïcödé 🚀',
    '',
    ' ',
    '<script>alert(1)</script>',
    '__proto__',
    '\ud83d',
    'a,b',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const actor = fc.constantFrom<OperationContext['actor']>(
  'human:ann',
  'human:ann',
  { name: 'Argus-1', base_name: 'Argus', serial: 1, session: 'sess_1' },
  { name: 'Argus-2', base_name: 'Argus', serial: 2, session: 'sess_2' },
  'nobody',
);
const status = fc.constantFrom(...CONFIG.workflow.statuses, 'nowhere');
const plan = fc.constantFrom(null, '# Only a heading\n', '# A plan\n\n- One step\n');
const field = fc.constantFrom(
  'title',
  'description',
  'priority',
  'urgency',
  'tags',
  'status',
  'custom_fields.estimate',
  'custom_fields.__proto__',
  '__proto__',
  'constructor',
);
const fieldValue = fc.oneof(
  text,
  fc.constantFrom<JsonValue>('high', 'low', null, 3, 0.5, [], ['a', 'b'], { deep: [1, null] }),
);

function comment(state: TaskState, pick: number): string {
  const ids = [...commentsById(state.events).keys()];
  return ids[pick % Math.max(1, ids.length)] ?? 'ev_none';
}

function target(graph: RelationGraph, pick: number): string {
  const ids = [...graph.nodes.keys()];
  return ids[pick % ids.length] ?? 'task_none';
}

const pick = fc.nat(3);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(status, plan, fc.boolean(), text).map(
    ([to, plan, force, reason]): Operation =>
      (state, _, context) =>
        planStatus(state, { status: to, plan, force, reason }, context),
  ),
  fc.tuple(field, fieldValue).map(
    ([name, value]): Operation =>
      (state, _, context) =>
        planUpdate(state, { fields: Object.fromEntries([[name, value]]) }, context),
  ),
  fc.option(actor).map(
    (to): Operation =>
      (state, _, context) =>
        planAssign(state, { to }, context),
  ),
  fc.tuple(text, fc.option(pick), fc.constantFrom(undefined, 'review', 'chef')).map(
    ([body, reply, role]): Operation =>
      (state, _, context) =>
        planComment(
          state,
          {
            body,
            ...(reply === null ? {} : { replyTo: comment(state, reply) }),
            ...(role === undefined ? {} : { role }),
          },
          context,
        ),
  ),
  fc.tuple(pick, text, fc.constantFrom(undefined, null, 'review')).map(
    ([at, body, role]): Operation =>
      (state, _, context) =>
        planCommentEdit(
          state,
          { commentId: comment(state, at), body, ...(role === undefined ? {} : { role }) },
          context,
        ),
  ),
  pick.map(
    (at): Operation =>
      (state, _, context) =>
        planCommentDelete(state, { commentId: comment(state, at) }, context),
  ),
  fc.tuple(pick, fc.constantFrom('thumbs_up', 'eyes', '__proto__', 'no emoji'), fc.boolean()).map(
    ([at, emoji, add]): Operation =>
      (state, _, context) =>
        (add ? planReact : planUnreact)(state, { commentId: comment(state, at), emoji }, context),
  ),
  fc.tuple(fc.constantFrom(...RELATIONSHIP_TYPES, 'envies'), pick).map(
    ([type, to]): Operation =>
      (state, graph, context) =>
        planLink(state, { type, targetId: target(graph, to), graph }, context),
  ),
  pick.map(
    (at): Operation =>
      (state, _, context) => {
        const { type = 'blocks', target_task_id = 'task_none' } = state.task.relationships_out[at] ?? {};
        return planUnlink(state, { type, targetId: target_task_id }, context);
      },
  ),
  fc.tuple(fc.constantFrom('main', 'feat/hub', ' '), fc.constantFrom(undefined, 'app'), fc.boolean()).map(
    ([branch, repo, add]): Operation =>
      (state, _, context) =>
        (add ? planBranchLink : planBranchUnlink)(
          state,
          { branch, ...(repo === undefined ? {} : { repo }) },
          context,
        ),
  ),
  fc.tuple(text, fc.constantFrom(undefined, 'review')).map(
    ([title, role]): Operation =>
      (state, _, context) =>
        planAttach(
          state,
          { source: { kind: 'text', text: title }, title, ...(role === undefined ? {} : { role }) },
          context,
        ),
  ),
  fc.tuple(fc.constantFrom('x_deploy', 'deploy'), fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }))).map(
    ([type, data]): Operation =>
      (state, _, context) =>
        planCustomEvent(state, { type, data: data as Record<string, JsonValue> }, context),
  ),
  text.map(
    (review): Operation =>
      (state, _, context) =>
        planComplete(state, { review }, context),
  ),
  plan.map(
    (plan): Operation =>
      (state, _, context) =>
        planClaim(state, { plan }, context),
  ),
  fc.constantFrom<Operation>(
    (state, _, context) => planArchive(state, context),
    (state, _, context) => planUnarchive(state, context),
  ),
);

const step = fc.record({ on: fc.nat(2), by: actor, operation });

/** Creates three tasks, plays the steps on them and gives the tasks as the planners see them. */
function play(steps: readonly { on: number; by: OperationContext['actor']; operation: Operation }[]) {
  const context = testContexts();
  const states: TaskState[] = [];
  let ids: IdsIndex = EMPTY_IDS;
  for (const title of ['One', 'Two', 'Three']) {
    const id = context().newId('task');
    const next = allocateShortId(ids, 'LAT', id);
    ids = next.index;
    const created = planCreate(undefined, { title, id, shortId: next.shortId }, context());
    if (!created.ok) throw new Error(created.message);
    const state = { task: created.task, archived: false, events: created.events };
    const comment = planComment(state, { body: 'First look' }, context());
    if (!comment.ok) throw new Error(comment.message);
    states.push(stateAfter(state, comment));
  }
  for (const { on, by, operation } of steps) {
    const state = states[on];
    if (state === undefined) continue;
    const plan = operation(state, relationGraph(states.map((each) => each.task)), context(by));
    if (plan.ok) {
      if (plan.events.length === 0 && plan.note === undefined)
        throw new Error('Nothing to do, and no word why.');
      states[on] = stateAfter(state, plan);
    } else if (plan.message.length < 10) throw new Error(`A refusal without words: ${plan.code}`);
  }
  return { states, ids };
}

/** Throws when a log does not keep every promise; plain comparisons, because it runs 30,000 times. */
function check({ task, archived, events }: TaskState): void {
  const log = events.map(serialiseLine).join('');
  const read = readLog(log);
  const replay = replayTask(read);
  if (replay.task === undefined || replay.problems.length > 0) throw new Error(JSON.stringify(replay));
  same(serialiseDocument(replay.task), serialiseDocument(task));
  same(read.map(serialiseLine).join(''), log);
  same(String(replay.archived), String(archived));
  same(JSON.stringify(checkStrictReplay(task.id, read)), '[]');
  const living = [...commentsById(read).values()].filter((each) => !each.deleted);
  same(String(task.comment_count), String(living.length));
}

function same(actual: string, expected: string): void {
  if (actual !== expected) expect(actual).toBe(expected);
}

describe('random operations', () => {
  it(`leave logs that replay to the same bytes and pass strict replay, ${RUNS} times`, () => {
    const types = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12, size: 'max' }), (steps) => {
        const { states, ids } = play(steps);
        for (const state of states) {
          check(state);
          for (const event of state.events) types.add(event.type);
        }
        const derived = deriveIdsIndex(states.flatMap((state) => state.events));
        same(serialiseDocument(derived), serialiseDocument(ids));
      }),
      { numRuns: RUNS },
    );
    expect([...types].sort()).toEqual([
      'artifact_attached',
      'assignment_changed',
      'branch_linked',
      'branch_unlinked',
      'comment_added',
      'comment_deleted',
      'comment_edited',
      'field_updated',
      'reaction_added',
      'reaction_removed',
      'relationship_added',
      'relationship_removed',
      'status_changed',
      'task_archived',
      'task_created',
      'task_unarchived',
      'x_deploy',
    ]);
  }, 60_000);
});
