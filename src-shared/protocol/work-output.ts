import { z } from 'zod';
import { activitySchema } from './activity.ts';

/** How far a running attempt is; `percent` is 0 to 100. */
const progressSchema = z.object({
  percent: z.number().min(0).max(100).optional(),
  step: z.int().min(0).optional(),
  of: z.int().min(0).optional(),
  message: z.string().max(10_000).optional(),
});

const said = {
  attempt: z.int().min(1),
  /** Counts what one attempt says, from 1; output and progress share the count. */
  seq: z.int().min(1),
  time: z.iso.datetime(),
};

/** A message on `work.{work}.progress`. */
export const progressMessageSchema = z.looseObject({ ...said, progress: progressSchema });

/** A message on `work.{work}.output`; `dropped` counts characters left out because the hub was too slow. */
export const outputMessageSchema = z.looseObject({
  ...said,
  text: z.string(),
  dropped: z.int().min(1).optional(),
});

/** A message on `work.{work}.output` about what the agent does, typed. */
export const activityMessageSchema = z.looseObject({ ...said, activity: activitySchema });

/** What an attempt says, as it is stored. */
export type SaidMessage =
  | z.infer<typeof progressMessageSchema>
  | z.infer<typeof outputMessageSchema>
  | z.infer<typeof activityMessageSchema>;
