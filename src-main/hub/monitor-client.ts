import { get } from 'node:http';
import { z } from 'zod';

const MAX_BYTES = 32 * 1024 * 1024;

const count = z.number().catch(0);

/** What we read of `/varz`; the rest is left out. */
export const varzSchema = z.object({
  server_name: z.string(),
  version: z.string(),
  config_load_time: z.string().default(''),
  uptime: z.string().catch(''),
  mem: count,
  cpu: count,
  connections: count,
  max_connections: count,
  in_msgs: count,
  out_msgs: count,
  in_bytes: count,
  out_bytes: count,
  slow_consumers: count,
});
export type Varz = z.infer<typeof varzSchema>;

export const connzSchema = z.object({
  connections: z
    .array(
      z.object({
        cid: z.int(),
        ip: z.string().catch(''),
        start: z.string().catch(''),
        rtt: z.string().optional().catch(undefined),
        pending_bytes: count,
        in_bytes: count,
        out_bytes: count,
        subscriptions: count,
        name: z.string().catch(''),
        /** The public key that the client proved; only with `auth=1`. */
        authorized_user: z.string().optional().catch(undefined),
        /** Only with `auth=1`. */
        account: z.string().optional().catch(undefined),
        lang: z.string().catch(''),
        version: z.string().catch(''),
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
});
export type Connz = z.infer<typeof connzSchema>;

const streamDetailSchema = z.object({
  name: z.string(),
  config: z
    .object({ subjects: z.array(z.string()).nullish(), max_bytes: z.number().optional() })
    .nullish()
    .transform((config) => config ?? {}),
  state: z.object({
    messages: count,
    bytes: count,
    consumer_count: count,
    last_ts: z.string().optional(),
  }),
});

export const jszSchema = z.object({
  storage: count,
  config: z
    .object({ max_storage: count, max_memory: count })
    .nullish()
    .transform((config) => config ?? { max_storage: 0, max_memory: 0 }),
  account_details: z
    .array(
      z.object({
        name: z.string().catch(''),
        storage: count,
        stream_detail: z
          .array(streamDetailSchema)
          .nullish()
          .transform((list) => list ?? []),
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
});
export type Jsz = z.infer<typeof jszSchema>;

/** Reads one page of a hub's monitor, within `timeoutMs`; rejects when it does not answer with 200 and that shape. */
export async function readMonitor<T>(
  url: string,
  path: string,
  schema: z.ZodType<T>,
  timeoutMs = 2_000,
): Promise<T> {
  return schema.parse(JSON.parse(await text(new URL(path, url), timeoutMs)));
}

/** True when the hub says it is healthy, JetStream included. */
export async function isHealthy(url: string, timeoutMs = 1_000): Promise<boolean> {
  try {
    await text(new URL('/healthz?js-enabled-only=true', url), timeoutMs);
    return true;
  } catch {
    return false;
  }
}

function text(url: URL, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // Without an agent no socket stays open between two looks, so nothing is left when the hub stops.
    const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BYTES) request.destroy(new Error('The monitor answered with too much.'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`The monitor answered ${response.statusCode}.`));
      });
    });
    request.on('error', reject);
  });
}
