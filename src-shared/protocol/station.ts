import { z } from 'zod';
import { agentInfoSchema } from './agent.ts';
import { tokenSchema } from './token.ts';

/** Milliseconds between two heartbeats of a station. */
export const HEARTBEAT_MS = 10_000;
/** A station is online up to this age of its last heartbeat, in milliseconds (DESIGN §4). */
export const LATE_AFTER_MS = 15_000;
/** A station is offline beyond this age of its last heartbeat, in milliseconds (DESIGN §4). */
export const OFFLINE_AFTER_MS = 30_000;

/** What a station carries now. `cpu` is a share of all cores and `memory` of all memory, 0 to 1. */
export const loadSchema = z.looseObject({
  running: z.int().min(0),
  capacity: z.int().min(0),
  queued: z.int().min(0),
  cpu: z.number().min(0).max(1),
  memory: z.number().min(0).max(1),
});
export type Load = z.infer<typeof loadSchema>;

/** What a station is and offers; the value of the stations bucket. Only the station itself writes it. */
export const stationManifestSchema = z.looseObject({
  station_id: tokenSchema,
  station_name: z.string().min(1).max(200),
  version: z.string().max(64),
  hosts_hub: z.boolean().default(false),
  started_at: z.iso.datetime(),
  platform: z.object({
    os: z.string().max(64),
    arch: z.string().max(32),
    cores: z.int().min(1),
    memory_bytes: z.number().min(0),
    hostname: z.string().max(255),
  }),
  agents: z.array(agentInfoSchema).max(2_000),
  load: loadSchema,
  last_seen: z.iso.datetime(),
  status: z.enum(['online', 'offline']),
});
export type StationManifest = z.infer<typeof stationManifestSchema>;

const presenceBase = {
  station_id: tokenSchema,
  station_name: z.string().min(1).max(200),
  time: z.iso.datetime(),
  /** One running process; two at once under one station id are a mistake that observers report. */
  instance: tokenSchema.optional(),
};

export const announceSchema = z.looseObject({ ...presenceBase, manifest: stationManifestSchema });
export const heartbeatSchema = z.looseObject({ ...presenceBase, load: loadSchema });
export const goodbyeSchema = z.looseObject({ ...presenceBase, reason: z.string().max(200).optional() });
export type Announce = z.infer<typeof announceSchema>;
export type Heartbeat = z.infer<typeof heartbeatSchema>;
export type Goodbye = z.infer<typeof goodbyeSchema>;

export type StationStatus = 'online' | 'late' | 'offline';
