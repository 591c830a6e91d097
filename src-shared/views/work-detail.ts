import { z } from 'zod';
import { workOrderSchema, workRecordSchema } from '../protocol/work.ts';
import type { WorkSpan, WorkStep } from './work-timeline.ts';

/** What a person fills in to give work; the rest of an order comes from who asks. */
export const workDraftSchema = z.object({
  task: workOrderSchema.shape.task,
  context: workOrderSchema.shape.context,
  agent: workOrderSchema.shape.agent,
  capability: workOrderSchema.shape.capability,
  station: workOrderSchema.shape.station,
  priority: workOrderSchema.shape.priority,
  deadline: workOrderSchema.shape.deadline,
  timeout_ms: workOrderSchema.shape.timeout_ms,
  max_attempts: workOrderSchema.shape.max_attempts,
  dedupe_key: workOrderSchema.shape.dedupe_key,
  labels: workOrderSchema.shape.labels,
});

const { context, priority, max_attempts, labels } = workOrderSchema.shape;

/** What a person changes of an order to give it again; what is not named stays as it was. */
export const workEditsSchema = workDraftSchema
  .extend({
    context: context.unwrap(),
    priority: priority.unwrap(),
    max_attempts: max_attempts.unwrap(),
    labels: labels.unwrap(),
  })
  .partial();

/** Everything about one work but its output; `spans` holds the work with its sub-works below it. */
export const workDetailSchema = z.object({
  record: workRecordSchema,
  spans: z.custom<WorkSpan[]>((value) => Array.isArray(value)),
  steps: z.custom<WorkStep[]>((value) => Array.isArray(value)),
});
export type WorkDetail = z.infer<typeof workDetailSchema>;

/** One entry of the audit log in words, with the event it stands for. */
export const logEntrySchema = z.object({
  seq: z.int(),
  time: z.string(),
  /** Without the common beginning, as in `work.assigned`. */
  type: z.string(),
  station_id: z.string().optional(),
  station_name: z.string().optional(),
  agent: z.string().optional(),
  work_id: z.string().optional(),
  by: z.string().optional(),
  text: z.string(),
  /** The CloudEvent as it is in the log, as JSON. */
  event: z.string(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;
