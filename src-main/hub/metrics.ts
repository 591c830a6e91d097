import type { HubConnection, HubMetrics, HubSample, HubStream } from '../../src-shared/views/hub.ts';
import { orgOfAccount } from './accounts.ts';
import type { Connz, Jsz, Varz } from './monitor-client.ts';

/** A client with this many bytes waiting reads slower than the hub sends. */
const SLOW_PENDING_BYTES = 1024 * 1024;

/** The counters of one look, with the time it was made in milliseconds. */
export interface Counters {
  at: number;
  varz: Varz;
}

/** One sample: rates from the difference of two looks; 0 for the first look and after a restart of the hub. */
export function sampleOf(now: Counters, before: Counters | undefined): HubSample {
  const { varz, at } = now;
  const rate = (read: (varz: Varz) => number) => {
    if (!before) return 0;
    const seconds = (at - before.at) / 1_000;
    const more = read(varz) - read(before.varz);
    return seconds > 0 && more > 0 ? more / seconds : 0;
  };
  return {
    time: new Date(at).toISOString(),
    in_msgs: rate((figures) => figures.in_msgs),
    out_msgs: rate((figures) => figures.out_msgs),
    bytes: rate((figures) => figures.in_bytes + figures.out_bytes),
    connections: Math.round(varz.connections),
    max_connections: Math.round(varz.max_connections),
    cpu_percent: varz.cpu,
    memory_bytes: varz.mem,
    slow_consumers: Math.round(varz.slow_consumers),
    uptime: varz.uptime,
  };
}

/** The station id in the name of a station's connection. */
export function stationOfConnection(name: string): string | undefined {
  return /^station-([A-Za-z0-9_-]{1,64})$/.exec(name)?.[1];
}

export function connectionsOf(connz: Connz): HubConnection[] {
  return connz.connections.map((connection) => {
    const station = stationOfConnection(connection.name);
    const guest = connection.account === undefined ? undefined : orgOfAccount(connection.account);
    const rtt = connection.rtt === undefined ? undefined : milliseconds(connection.rtt);
    return {
      cid: connection.cid,
      name: connection.name,
      ...(station === undefined ? {} : { station_id: station }),
      ...(guest === undefined ? {} : { guest }),
      kind:
        station !== undefined ? 'station' : connection.name.startsWith('lattice-cli') ? 'command' : 'other',
      ip: connection.ip,
      lang: connection.lang,
      version: connection.version,
      ...(rtt === undefined ? {} : { rtt_ms: rtt }),
      in_bytes: connection.in_bytes,
      out_bytes: connection.out_bytes,
      pending_bytes: connection.pending_bytes,
      subscriptions: Math.round(connection.subscriptions),
      since: connection.start,
      slow: connection.pending_bytes >= SLOW_PENDING_BYTES,
    };
  });
}

/**
 * Streams of the host's own lattice, with buckets and object stores told apart; those go by the name their users gave
 * them. Guest lattices have streams of the same names, which are not the host's to look into.
 */
export function streamsOf(jsz: Jsz): HubStream[] {
  return jsz.account_details
    .filter(({ name }) => orgOfAccount(name) === undefined)
    .flatMap((account) => account.stream_detail)
    .map(({ name, config, state }): HubStream => {
      const kind = name.startsWith('KV_') ? 'bucket' : name.startsWith('OBJ_') ? 'object_store' : 'stream';
      return {
        name: kind === 'bucket' ? name.slice(3) : kind === 'object_store' ? name.slice(4) : name,
        kind,
        messages: state.messages,
        bytes: state.bytes,
        max_bytes: config.max_bytes ?? -1,
        consumers: Math.round(state.consumer_count),
        subjects: config.subjects ?? [],
        // The server writes the year 1 for a stream that never had a message.
        ...(state.last_ts && !state.last_ts.startsWith('0001-') ? { last_time: state.last_ts } : {}),
      };
    })
    .sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
}

export const emptyMetrics: HubMetrics = {
  samples: [],
  connections: [],
  streams: [],
  store_bytes: 0,
  max_store_bytes: 0,
};

const units: Record<string, number> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  µs: 0.001,
  us: 0.001,
  ns: 0.000_001,
};

/** A Go duration such as `1m2.5s` or `328µs` in milliseconds; undefined when it is none. */
export function milliseconds(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|µs|us|ns))+$/.test(duration)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|µs|us|ns)/g))
    sum += Number(amount) * (units[unit ?? ''] ?? 0);
  return sum;
}
