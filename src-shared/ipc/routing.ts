import { z } from 'zod';
import {
  MAX_REPLAY_CALLS,
  routingFilesSchema,
  routingHistorySchema,
  routingKnownSchema,
  routingLookupSchema,
  routingSaveSchema,
  routingStandSchema,
} from '../views/routing.ts';

/** The calls of the routing editor. */
export const routingCalls = {
  /** Writes one file whole; `conflict` with what is on disk when that is not what was edited. */
  'routing.save': { input: routingSaveSchema, output: z.object({ digest: z.string() }) },
  'routing.lookup': { input: routingLookupSchema, output: routingKnownSchema },
  /** The last calls of the usage log, at most 60 days back. */
  'routing.history': {
    input: z.object({ limit: z.int().min(1).max(MAX_REPLAY_CALLS) }),
    output: routingHistorySchema,
  },
} as const;

/** The streams of the routing editor. */
export const routingStreams = {
  'routing.files': { params: z.void(), item: routingFilesSchema, key: () => 'files' },
  'routing.stand': { params: z.void(), item: routingStandSchema, key: () => 'stand' },
} as const;
