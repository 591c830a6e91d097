import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { activitySchema } from './activity.ts';
import { loadSchema } from './station.ts';
import { tokenSchema } from './token.ts';

/** How long an invocation may take when the caller names no limit, in milliseconds (DESIGN §4). */
export const INVOKE_TIMEOUT_MS = 300_000;

/** Flat or nested values that travel with a task. */
export const contextSchema = z.record(z.string().max(200), z.unknown());
export type TaskContext = z.infer<typeof contextSchema>;

/** A request on `station.{station}.agent.invoke`. With `stream`, reports come on the reply subject before the outcome. */
export const invokeRequestSchema = z.looseObject({
  invocation_id: tokenSchema,
  agent: tokenSchema,
  task: z.string().max(1_000_000),
  context: contextSchema.default({}),
  timeout_ms: z.int().min(1).max(86_400_000),
  /** How long the caller lets the call wait for a free slot; 0 answers `busy` at once. */
  wait_ms: z.int().min(0).max(86_400_000).default(0),
  stream: z.boolean().default(false),
  caller: z.string().max(200).optional(),
  /** A subject the caller listens on while it waits; when nobody does any more, the run is stopped. */
  alive: z.string().max(200).optional(),
  /**
   * The same request again, because it or its answer may be lost: asks how the call stands, and starts it only when the
   * process that began at `station_start` never got it. `age_ms` is how long ago it was sent first.
   */
  resend: z.object({ age_ms: z.int().min(0), station_start: z.iso.datetime().optional() }).optional(),
});
export type InvokeRequest = z.infer<typeof invokeRequestSchema>;

/** What a running agent says; the same for invocations and for durable work. */
export const reportSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    percent: z.number().min(0).max(100).optional(),
    step: z.int().min(0).optional(),
    of: z.int().min(0).optional(),
    message: z.string().max(10_000).optional(),
  }),
  z.object({ type: z.literal('output'), text: z.string() }),
  z.object({ type: z.literal('activity'), activity: activitySchema }),
]);
export type Report = z.infer<typeof reportSchema>;

/** What a run says, and where it stands: when that changes with `stream`, and in answer to `resend`. */
export const invokeReportSchema = z.object({
  kind: z.literal('report'),
  seq: z.int().min(0),
  time: z.iso.datetime(),
  report: z.discriminatedUnion('type', [
    ...reportSchema.options,
    z.object({ type: z.literal('queued'), position: z.int().min(0) }),
    z.object({ type: z.literal('started') }),
  ]),
});
export type InvokeReport = z.infer<typeof invokeReportSchema>;

/** The last message on the reply subject: exactly one per invocation. */
export const invokeOutcomeSchema = z.object({
  kind: z.literal('outcome'),
  invocation_id: tokenSchema,
  station_id: tokenSchema,
  status: z.enum(['completed', 'failed', 'cancelled']),
  result: z.string().optional(),
  error: errorShapeSchema.optional(),
  duration_ms: z.int().min(0),
  load: loadSchema.optional(),
});
export type InvokeOutcome = z.infer<typeof invokeOutcomeSchema>;

export const invokeReplySchema = z.discriminatedUnion('kind', [invokeReportSchema, invokeOutcomeSchema]);

/** A message on `station.{station}.agent.cancel`: stops an invocation whose caller gave up. */
export const invokeCancelSchema = z.looseObject({ invocation_id: tokenSchema, reason: z.string().max(500) });
export type InvokeCancel = z.infer<typeof invokeCancelSchema>;
