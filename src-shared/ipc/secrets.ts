import { z } from 'zod';
import { diagnosticsListSchema } from '../views/diagnostics.ts';
import { secretsViewSchema } from '../views/secrets.ts';

const nothing = z.void();

/** Calls about where the secrets of this machine are, and about what may leave it without them. */
export const secretCalls = {
  'secrets.kept': { input: nothing, output: secretsViewSchema },
  /** Collects diagnostics and says what is in them; nothing is written. */
  'diagnostics.collect': { input: nothing, output: diagnosticsListSchema },
  /** Writes what was collected last to where the person says; no path when the person thought otherwise. */
  'diagnostics.save': { input: nothing, output: z.object({ path: z.string().optional() }) },
} as const;
