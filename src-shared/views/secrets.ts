import { z } from 'zod';

/** Where a person wants the secrets of this machine: in the keychain where there is one, or in files. */
export const secretsKeptSchema = z.enum(['keychain', 'files']);
export type SecretsKept = z.infer<typeof secretsKeptSchema>;

/** Where the secrets of this machine are kept now. */
export const secretsViewSchema = z.object({
  kept: secretsKeptSchema,
  /** What people call the keychain, when there is one that Lattice can use. */
  keychain: z.string().optional(),
  /** Why there is none, with what to do. */
  missing: z.string().optional(),
});
export type SecretsView = z.infer<typeof secretsViewSchema>;
