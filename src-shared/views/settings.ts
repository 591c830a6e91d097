import { z } from 'zod';
import { tokenSchema } from '../protocol/token.ts';
import { runRuleSchema } from '../run-rule.ts';
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
  /** Who may run agents of this station, beside its owner. */
  runs_allow: runRuleSchema,
  /** Names and ids of the devices whose people may, when the rule names them. */
  runs_people: z.array(z.string().min(1).max(200)).max(200),
  /** Agents for which another rule holds. */
  runs_agents: z.record(tokenSchema, runRuleSchema),
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
