import { z } from 'zod';

/** What a diagnostics file would hold. */
export const diagnosticsListSchema = z.object({
  /** The size of the whole, compressed, in bytes. */
  bytes: z.int(),
  files: z.array(
    z.object({
      name: z.string(),
      /** In plain words. */
      what: z.string(),
      /** Before compression. */
      bytes: z.int(),
    }),
  ),
});
export type DiagnosticsList = z.infer<typeof diagnosticsListSchema>;
