import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { roleSchema } from '../protocol/roles.ts';

/** What this machine is: hosting the hub, member of another's, alone with a private hub, or not started. */
export const modeSchema = z.enum(['idle', 'orchestrator', 'member', 'standalone']);
export type Mode = z.infer<typeof modeSchema>;

/** The connection to NATS as a fact with a time; `attempt` counts reconnects since it was lost. */
export const connectionViewSchema = z.object({
  state: z.enum(['disconnected', 'connecting', 'connected', 'reconnecting', 'failed']),
  url: z.string().optional(),
  since: z.iso.datetime(),
  attempt: z.int().min(0),
  rtt_ms: z.number().optional(),
  server_version: z.string().optional(),
  error: errorShapeSchema.optional(),
});
export type ConnectionView = z.infer<typeof connectionViewSchema>;

export const hubStateSchema = z.enum(['stopped', 'starting', 'running', 'restarting', 'stopping', 'failed']);
export type HubState = z.infer<typeof hubStateSchema>;

/** The hub this machine supervises. Times are RFC 3339; ports are the real ones, never 0. */
export const hubViewSchema = z.object({
  state: hubStateSchema,
  since: z.iso.datetime(),
  url: z.string().optional(),
  monitor_url: z.string().optional(),
  port: z.int().optional(),
  http_port: z.int().optional(),
  pid: z.int().optional(),
  version: z.string().optional(),
  binary: z.string().optional(),
  store_dir: z.string().optional(),
  adopted: z.boolean().default(false),
  restarts: z.int().min(0),
  shared: z.boolean(),
  /** What a teammate types to join while the hub is shared; holds the token, so only on request. */
  notices: z.array(z.string()),
  /** What this server version cannot do, as sentences. */
  features_off: z.array(z.string()),
  error: errorShapeSchema.optional(),
});
export type HubView = z.infer<typeof hubViewSchema>;

/** Something that is wrong and what to do about it; shown in the status bar. */
export const problemSchema = z.object({
  id: z.string(),
  severity: z.enum(['warning', 'error']),
  title: z.string(),
  detail: z.string(),
  area: z.enum(['hub', 'connection', 'agents', 'config', 'mesh']),
  since: z.iso.datetime(),
});
export type Problem = z.infer<typeof problemSchema>;

/** This node in one object: the item of the `node.watch` stream. */
export const nodeViewSchema = z.object({
  mode: modeSchema,
  lattice_name: z.string(),
  org: z.string(),
  /** What this machine may do on a lattice that let it in by a link. */
  role: roleSchema.optional(),
  station_id: z.string(),
  station_name: z.string(),
  /** Who works at this machine, as works name them in `requested_by`. */
  person: z.string().optional(),
  version: z.string(),
  project_dir: z.string(),
  connection: connectionViewSchema,
  hub: hubViewSchema.optional(),
  problems: z.array(problemSchema),
});
export type NodeView = z.infer<typeof nodeViewSchema>;
