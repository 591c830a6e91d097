import { z } from 'zod';
import { agentInfoSchema } from '../protocol/agent.ts';
import { loadSchema, stationManifestSchema } from '../protocol/station.ts';

const stationStatusSchema = z.enum(['online', 'late', 'offline']);

/** A station as this observer sees it; `last_heard` is on this observer's clock. */
export const stationViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: stationStatusSchema,
  status_since: z.iso.datetime(),
  last_heard: z.iso.datetime().optional(),
  is_self: z.boolean(),
  hosts_hub: z.boolean(),
  version: z.string(),
  started_at: z.iso.datetime(),
  platform: stationManifestSchema.shape.platform,
  load: loadSchema,
  agent_count: z.int(),
});
export type StationView = z.infer<typeof stationViewSchema>;

/** One agent on one station. Key: `{station_id}/{name}`. */
export const agentViewSchema = agentInfoSchema.extend({
  station_id: z.string(),
  station_name: z.string(),
  station_status: stationStatusSchema,
  is_self: z.boolean(),
  /** Set when another definition holds the bare name; this one is reached as `station/agent`. */
  conflict: z
    .object({
      holder_station_id: z.string(),
      holder_station_name: z.string(),
      holder_digest: z.string(),
      holds_name: z.boolean(),
      /** The stations with another definition than this one's. */
      others: z
        .array(z.object({ station_id: z.string(), station_name: z.string(), digest: z.string() }))
        .optional(),
    })
    .optional(),
});
export type AgentView = z.infer<typeof agentViewSchema>;

/** What happened on the mesh, as this observer heard it. */
export const meshEventSchema = z.object({
  seq: z.int(),
  time: z.iso.datetime(),
  kind: z.enum([
    'station.joined',
    'station.returned',
    'station.late',
    'station.offline',
    'station.left',
    'station.renamed',
    'agent.registered',
    'agent.changed',
    'agent.deregistered',
    'agent.conflict',
    'message.refused',
    'connection.lost',
    'connection.restored',
  ]),
  station_id: z.string().optional(),
  station_name: z.string().optional(),
  agent: z.string().optional(),
  detail: z.string(),
});
export type MeshEvent = z.infer<typeof meshEventSchema>;

/** Why a station was or was not taken for a call. */
export const routeCandidateSchema = z.object({
  station_id: z.string(),
  station_name: z.string(),
  agent: z.string(),
  chosen: z.boolean(),
  reason: z.string(),
});
export type RouteCandidate = z.infer<typeof routeCandidateSchema>;
