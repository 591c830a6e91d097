import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { traceparentSchema } from './event.ts';
import { contextSchema } from './invoke.ts';
import { tokenSchema } from './token.ts';

/** Attempts a work has when nobody says otherwise (DESIGN §4). */
export const DEFAULT_MAX_ATTEMPTS = 3;
/** The level of work that names no priority; 1 is the most urgent, 5 the least. */
export const DEFAULT_PRIORITY = 3;
/** Histories inside a record are bounded so that a record stays one small message. */
export const MAX_HISTORY = 50;

const time = z.iso.datetime();
const who = z.string().min(1).max(200);

const prioritySchema = z.int().min(1).max(5);

/** A station that could have taken the work, and why it did or did not. */
export const workCandidateSchema = z.object({
  station_id: z.string().max(64),
  station_name: z.string().max(200),
  chosen: z.boolean(),
  reason: z.string().max(300),
});
export type WorkCandidate = z.infer<typeof workCandidateSchema>;

/** What a person or an agent asks for: who is to do what, and within which limits. */
export const workOrderSchema = z.object({
  task: z.string().min(1).max(1_000_000),
  context: contextSchema.default({}),
  agent: tokenSchema.optional(),
  capability: z.string().min(1).max(64).optional(),
  /** Only this station may run it. */
  station: tokenSchema.optional(),
  priority: prioritySchema.default(DEFAULT_PRIORITY),
  /** The work expires when it has not ended by then. */
  deadline: time.optional(),
  /** How long one attempt may run, in milliseconds. */
  timeout_ms: z.int().min(1).max(604_800_000).optional(),
  max_attempts: z.int().min(1).max(20).default(DEFAULT_MAX_ATTEMPTS),
  /** The same key is the same work, however often it is assigned. */
  dedupe_key: z.string().min(1).max(500).optional(),
  parent_id: tokenSchema.optional(),
  /** The root of the tree of works; the work itself when it has no parent. */
  run_id: tokenSchema.optional(),
  labels: z.array(z.string().min(1).max(64)).max(32).default([]),
  requested_by: who,
  /** The ended work that this one repeats. */
  retry_of: tokenSchema.optional(),
  /** The trace that every event of the work belongs to. */
  traceparent: traceparentSchema.optional(),
});
export type WorkOrder = z.infer<typeof workOrderSchema>;
export type WorkOrderInput = z.input<typeof workOrderSchema>;

export const workStatusSchema = z.enum([
  'assigned',
  'accepted',
  'escalated',
  'completed',
  'failed',
  'cancelled',
  'expired',
]);
export type WorkStatus = z.infer<typeof workStatusSchema>;

const ENDED: ReadonlySet<WorkStatus> = new Set(['completed', 'failed', 'cancelled', 'expired']);

/** Whether a status is an outcome: nothing comes after it. */
export function isEnded(status: WorkStatus): boolean {
  return ENDED.has(status);
}

const questionSchema = z.object({
  id: z.string().min(1).max(128),
  text: z.string().max(20_000),
  choices: z.array(z.string().max(1_000)).max(50).default([]),
});
export type WorkQuestion = z.infer<typeof questionSchema>;

export const severitySchema = z.enum(['medium', 'high', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** Why a work waits for a person: its agent asks, its attempts are used up, or the witness saw something. */
export const escalationCauseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('question'), question: questionSchema }),
  z.object({ kind: z.literal('attempts_used'), error: errorShapeSchema.optional() }),
  z.object({ kind: z.literal('verdict'), reason: z.string().max(500) }),
]);

const escalationSchema = z.object({
  cause: escalationCauseSchema,
  severity: severitySchema,
  since: time,
  /** When it last asked for attention; it comes back when nobody acknowledges it. */
  raised_at: time,
  raised: z.int().min(1),
  acknowledged: z.object({ by: who, at: time }).optional(),
});
export type Escalation = z.infer<typeof escalationSchema>;

const attemptSchema = z.object({
  attempt: z.int().min(1),
  station_id: tokenSchema,
  station_name: z.string().max(200),
  queued_at: time,
  started_at: time,
  ended_at: time.optional(),
  end: z.enum(['completed', 'failed', 'cancelled', 'expired', 'requeued', 'lost', 'escalated']).optional(),
  reason: z.string().max(500).optional(),
});
export type WorkAttempt = z.infer<typeof attemptSchema>;

const answerSchema = z.object({
  question: questionSchema,
  answer: z.string().max(100_000),
  by: who,
  at: time,
  attempt: z.int().min(1),
});

/** Where a large result lies: an object in the results store of the lattice, with its SHA-256 in hex digits. */
export const resultRefSchema = z.object({
  object: z.string().min(1).max(200),
  bytes: z.int().min(0),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type ResultRef = z.infer<typeof resultRefSchema>;

/** A work as it stands after its last change; the replay of its `state` subject. */
export const workRecordSchema = workOrderSchema.extend({
  work_id: tokenSchema,
  run_id: tokenSchema,
  status: workStatusSchema,
  /** The fencing token: the number of the newest attempt, 0 before the first. */
  attempt: z.int().min(0),
  /** Attempts after which a person is asked; a retry by a person raises it. */
  attempts_allowed: z.int().min(1),
  attempts: z.array(attemptSchema).max(MAX_HISTORY),
  /** The station whose own queue holds it, when that is not the shared queue of its agent. */
  queue_station: tokenSchema.optional(),
  queued_at: time,
  not_before: time.optional(),
  /** The message of the work queues that the running attempt holds; no other has this number. */
  lease: z.int().min(0).optional(),
  station_id: tokenSchema.optional(),
  station_name: z.string().max(200).optional(),
  escalation: escalationSchema.optional(),
  answers: z.array(answerSchema).max(MAX_HISTORY),
  cancel: z.object({ by: who, reason: z.string().max(500), at: time }).optional(),
  unplaceable: z.object({ reason: z.string().max(500), since: time }).optional(),
  result: z.string().optional(),
  result_ref: resultRefSchema.optional(),
  error: errorShapeSchema.optional(),
  why: z.array(workCandidateSchema).max(20),
  created_at: time,
  started_at: time.optional(),
  ended_at: time.optional(),
  updated_at: time,
  /** Counts the changes, the first being 1. */
  revision: z.int().min(1),
  last_event: z.string().max(128),
});
export type WorkRecord = z.infer<typeof workRecordSchema>;

/** The question a work waits on, if it waits on one. */
export function openQuestion(record: WorkRecord): WorkQuestion | undefined {
  const cause = record.status === 'escalated' ? record.escalation?.cause : undefined;
  return cause?.kind === 'question' ? cause.question : undefined;
}

/** Whether an attempt holds the work now: it runs, or it waits for the answer to its question. */
export function isHeld(record: WorkRecord): boolean {
  return record.status === 'accepted' || openQuestion(record) !== undefined;
}
