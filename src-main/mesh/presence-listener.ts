import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { announceSchema, goodbyeSchema, heartbeatSchema } from '../../src-shared/protocol/station.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { MeshLog } from './mesh-log.ts';
import type { Registry } from './registry.ts';
import { PROBE_HEADER, read } from './wire.ts';

export interface PresenceListenerOptions {
  nc: NatsConnection;
  names: LatticeNames;
  registry: Registry;
  log: MeshLog;
  /** A heartbeat came from a station whose record is not known. */
  onUnknown(stationId: string): void;
  /** Who we are, to notice another process under our id. */
  self?: { id: string; instance: string; onTwin(): void };
}

/** Hears what stations say of themselves and feeds the registry; what is malformed is refused, counted and shown. */
export function listenToPresence(options: PresenceListenerOptions): Disposable {
  const { nc, names, registry, log, self } = options;

  const isTwin = (message: { station_id: string; instance?: string | undefined }) => {
    if (!self || message.station_id !== self.id || message.instance === self.instance) return false;
    self.onTwin();
    return true;
  };

  const onAnnounce = (message: Msg) => {
    const parsed = read(announceSchema, message);
    if (!parsed.ok) return log.refuse('announce', senderOf(message), parsed.why);
    const { manifest, station_id } = parsed.value;
    if (manifest.station_id !== station_id)
      return log.refuse('announce', station_id, `its manifest is of ${manifest.station_id}`);
    if (!isTwin(parsed.value)) registry.upsert(manifest);
  };

  const onHeartbeat = (message: Msg) => {
    const parsed = read(heartbeatSchema, message);
    if (!parsed.ok) return log.refuse('heartbeat', senderOf(message), parsed.why);
    if (isTwin(parsed.value)) return;
    if (!registry.heard(parsed.value.station_id, parsed.value.load))
      options.onUnknown(parsed.value.station_id);
  };

  const onGoodbye = (message: Msg) => {
    const parsed = read(goodbyeSchema, message);
    if (!parsed.ok) return log.refuse('goodbye', senderOf(message), parsed.why);
    if (!isTwin(parsed.value)) registry.left(parsed.value.station_id, parsed.value.reason);
  };

  const subscription = nc.subscribe(names.presenceAll, {
    callback: (error, message) => {
      if (error || message.headers?.has(PROBE_HEADER)) return;
      if (message.subject === names.presenceHeartbeat) onHeartbeat(message);
      else if (message.subject === names.presenceAnnounce) onAnnounce(message);
      else if (message.subject === names.presenceGoodbye) onGoodbye(message);
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}

/** Who a malformed message claims to be from, as far as that can be read. */
function senderOf(message: Msg): string | undefined {
  try {
    const value: unknown = message.json();
    if (typeof value !== 'object' || value === null || !('station_id' in value)) return undefined;
    return typeof value.station_id === 'string' ? value.station_id.slice(0, 64) : undefined;
  } catch {
    return undefined;
  }
}
