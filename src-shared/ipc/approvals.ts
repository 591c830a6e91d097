import { z } from 'zod';
import { approvalAnswerSchema, approvalViewSchema } from '../views/approval.ts';

/** Calls about runs that wait for the owner of this machine. */
export const approvalCalls = {
  /** Allows or denies exactly the run that was shown. */
  'approvals.answer': { input: approvalAnswerSchema, output: z.void() },
} as const;

/** Runs that wait for the owner of this machine, the oldest first. */
export const approvalStreams = {
  'approvals.watch': {
    params: z.void(),
    item: approvalViewSchema,
    key: (item: { id: string }) => item.id,
  },
} as const;
