import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { activitySchema } from '../protocol/activity.ts';
import { routeCandidateSchema } from './mesh.ts';

/** A call of an agent made from this process since it started. */
export const runViewSchema = z.object({
  id: z.string(),
  agent: z.string(),
  task: z.string(),
  context: z.record(z.string(), z.unknown()),
  station_id: z.string().optional(),
  station_name: z.string().optional(),
  asked_station: z.string().optional(),
  state: z.enum(['routing', 'queued', 'running', 'completed', 'failed', 'cancelled']),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().optional(),
  progress: z
    .object({
      percent: z.number().optional(),
      step: z.int().optional(),
      of: z.int().optional(),
      message: z.string().optional(),
    })
    .optional(),
  result: z.string().optional(),
  error: errorShapeSchema.optional(),
  candidates: z.array(routeCandidateSchema),
  timeout_ms: z.int(),
});
export type RunView = z.infer<typeof runViewSchema>;

/** One piece of what a run said, in order of `seq`. */
export const runLineSchema = z.object({
  seq: z.int(),
  time: z.iso.datetime(),
  kind: z.enum(['output', 'progress', 'note', 'activity']),
  /** The piece of text, or the activity as one line. */
  text: z.string(),
  activity: activitySchema.optional(),
});
export type RunLine = z.infer<typeof runLineSchema>;
