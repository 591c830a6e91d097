import { z } from 'zod';
import { activitySchema } from '../protocol/activity.ts';
import { openQuestion, severitySchema, type WorkRecord, workStatusSchema } from '../protocol/work.ts';

/** Longest piece of a task that a list shows, in characters. */
const TASK_IN_LIST = 200;

export const workProgressSchema = z.object({
  percent: z.number().optional(),
  step: z.int().optional(),
  of: z.int().optional(),
  message: z.string().optional(),
});
export type WorkProgress = z.infer<typeof workProgressSchema>;

/** A work in a list: small, so that 100,000 of them fit; the detail is read when it is opened. */
export const workViewSchema = z.object({
  id: z.string(),
  task: z.string(),
  agent: z.string().optional(),
  capability: z.string().optional(),
  station_id: z.string().optional(),
  station_name: z.string().optional(),
  asked_station: z.string().optional(),
  status: workStatusSchema,
  priority: z.int(),
  attempt: z.int(),
  attempts_allowed: z.int(),
  parent_id: z.string().optional(),
  run_id: z.string(),
  labels: z.array(z.string()).optional(),
  requested_by: z.string(),
  created_at: z.string(),
  queued_at: z.string(),
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
  updated_at: z.string(),
  deadline: z.string().optional(),
  not_before: z.string().optional(),
  queue_station: z.string().optional(),
  /** Why it waits for a person; `question` is what the window shows as *Asks you*, the rest as *Stopped*. */
  waits: z
    .object({
      kind: z.enum(['question', 'attempts_used', 'verdict']),
      text: z.string(),
      question_id: z.string().optional(),
      choices: z.array(z.string()).optional(),
      severity: severitySchema,
      since: z.string(),
      raised_at: z.string(),
      raised: z.int(),
      acknowledged: z.boolean(),
    })
    .optional(),
  cancelling: z.boolean().optional(),
  unplaceable: z.string().optional(),
  error: z.string().optional(),
  progress: workProgressSchema.optional(),
  revision: z.int(),
});
export type WorkView = z.infer<typeof workViewSchema>;

/** What a work says while it runs, in the order it said it; `seq` orders the whole story of one work. */
export const workLineSchema = z.object({
  seq: z.int(),
  time: z.string(),
  attempt: z.int(),
  kind: z.enum(['output', 'progress', 'note', 'activity']),
  /** The piece of text, or the activity as one line. */
  text: z.string(),
  progress: workProgressSchema.optional(),
  activity: activitySchema.optional(),
});
export type WorkLine = z.infer<typeof workLineSchema>;

/** The view of a work in lists, from its record. */
export function workViewOf(record: WorkRecord): WorkView {
  const view: { [K in keyof WorkView]: WorkView[K] | undefined } = {
    id: record.work_id,
    task: record.task.slice(0, TASK_IN_LIST),
    agent: record.agent,
    capability: record.capability,
    station_id: record.station_id,
    station_name: record.station_name,
    asked_station: record.station,
    status: record.status,
    priority: record.priority,
    attempt: record.attempt,
    attempts_allowed: record.attempts_allowed,
    parent_id: record.parent_id,
    run_id: record.run_id,
    labels: record.labels.length > 0 ? record.labels : undefined,
    requested_by: record.requested_by,
    created_at: record.created_at,
    queued_at: record.queued_at,
    started_at: record.started_at,
    ended_at: record.ended_at,
    updated_at: record.updated_at,
    deadline: record.deadline,
    not_before: record.not_before,
    queue_station: record.queue_station,
    waits: waitsOf(record),
    cancelling: record.cancel && record.status !== 'cancelled' ? true : undefined,
    unplaceable: record.unplaceable?.reason,
    error: record.error?.message.slice(0, TASK_IN_LIST),
    progress: undefined,
    revision: record.revision,
  };
  const small: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(view)) if (value !== undefined) small[key] = value;
  return small as WorkView;
}

function waitsOf(record: WorkRecord): WorkView['waits'] {
  const { escalation } = record;
  if (record.status !== 'escalated' || !escalation) return undefined;
  const { cause } = escalation;
  const question = openQuestion(record);
  const text =
    cause.kind === 'question'
      ? cause.question.text
      : cause.kind === 'verdict'
        ? cause.reason
        : `All ${record.attempt} attempts are used up${cause.error ? `: ${cause.error.message}` : '.'}`;
  return {
    kind: cause.kind,
    text: text.slice(0, 2_000),
    ...(question ? { question_id: question.id, choices: question.choices } : {}),
    severity: escalation.severity,
    since: escalation.since,
    raised_at: escalation.raised_at,
    raised: escalation.raised,
    acknowledged: escalation.acknowledged !== undefined,
  };
}

/** Whether `next` may replace `before`: a work never goes back, whatever a peer sends. */
export function supersedes(before: Standing | undefined, next: Standing): boolean {
  if (!before) return true;
  return next.revision > before.revision && next.attempt >= before.attempt && before.ended_at === undefined;
}

/** How far a work is; the same in its record and in its view. */
type Standing = Pick<WorkView, 'revision' | 'attempt' | 'ended_at'>;
