import { z } from 'zod';
import { secretsKeptSchema } from './secrets.ts';

const port = z.int().min(0).max(65_535);

/** What a person can set in the window; the rest of `config.yaml` is kept as it is. */
export const settingsSchema = z.object({
  station_name: z.string().min(1).max(200),
  lattice_name: z.string().min(1).max(200),
  port,
  http_port: port,
  max_parallel: z.int().min(1).max(256),
  project_dir: z.string(),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['compact', 'comfortable']),
  single_key_shortcuts: z.boolean(),
  keep_in_tray: z.boolean(),
  secrets: secretsKeptSchema,
});
export type Settings = z.infer<typeof settingsSchema>;

/** Where a value came from; the strongest first. */
export const originSchema = z.enum(['flag', 'environment', 'file', 'default']);
export type Origin = z.infer<typeof originSchema>;
