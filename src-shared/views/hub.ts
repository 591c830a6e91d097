import { z } from 'zod';

/** One second of the hub's figures, from the monitor; rates are per second between two samples. */
export const hubSampleSchema = z.object({
  time: z.iso.datetime(),
  in_msgs: z.number(),
  out_msgs: z.number(),
  bytes: z.number(),
  connections: z.int(),
  max_connections: z.int(),
  cpu_percent: z.number(),
  memory_bytes: z.number(),
  slow_consumers: z.int(),
  uptime: z.string(),
});
export type HubSample = z.infer<typeof hubSampleSchema>;

export const hubConnectionSchema = z.object({
  cid: z.int(),
  name: z.string(),
  /** The station behind the connection, found by its connection name `station-{id}`. */
  station_id: z.string().optional(),
  /** The org of the guest lattice it is on; absent on our own. */
  guest: z.string().optional(),
  kind: z.enum(['station', 'command', 'other']),
  ip: z.string(),
  lang: z.string(),
  version: z.string(),
  rtt_ms: z.number().optional(),
  in_bytes: z.number(),
  out_bytes: z.number(),
  pending_bytes: z.number(),
  subscriptions: z.int(),
  since: z.string(),
  slow: z.boolean(),
});
export type HubConnection = z.infer<typeof hubConnectionSchema>;

export const hubStreamSchema = z.object({
  name: z.string(),
  kind: z.enum(['stream', 'bucket', 'object_store']),
  messages: z.number(),
  bytes: z.number(),
  max_bytes: z.number(),
  consumers: z.int(),
  subjects: z.array(z.string()),
  last_time: z.string().optional(),
});
export type HubStream = z.infer<typeof hubStreamSchema>;

/** Everything the Hub view shows beside the log: the item of `hub.metrics`. */
export const hubMetricsSchema = z.object({
  samples: z.array(hubSampleSchema),
  connections: z.array(hubConnectionSchema),
  streams: z.array(hubStreamSchema),
  store_bytes: z.number(),
  max_store_bytes: z.number(),
});
export type HubMetrics = z.infer<typeof hubMetricsSchema>;

export const hubLogLineSchema = z.object({
  seq: z.int(),
  time: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
});
export type HubLogLine = z.infer<typeof hubLogLineSchema>;
