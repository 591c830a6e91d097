import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { announceSchema, goodbyeSchema, heartbeatSchema } from '../../src-shared/protocol/station.ts';
import { type LatticeNames, senderOf } from '../../src-shared/protocol/subjects.ts';
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

  const isOwn = (kind: string, message: Msg, says: { station_id: string }) => {
    const sender = senderOf(message.subject);
    if (sender !== says.station_id) log.refuse(kind, sender, `it speaks for ${says.station_id}`);
    return sender === says.station_id;
  };

  const onAnnounce = (message: Msg) => {
    const parsed = read(announceSchema, message);
    if (!parsed.ok) return log.refuse('announce', senderOf(message.subject), parsed.why);
    if (!isOwn('announce', message, parsed.value)) return;
    const { manifest, station_id } = parsed.value;
    if (manifest.station_id !== station_id)
      return log.refuse('announce', station_id, `its manifest is of ${manifest.station_id}`);
    if (!isTwin(parsed.value)) registry.upsert(manifest);
  };

  const onHeartbeat = (message: Msg) => {
    const parsed = read(heartbeatSchema, message);
    if (!parsed.ok) return log.refuse('heartbeat', senderOf(message.subject), parsed.why);
    if (!isOwn('heartbeat', message, parsed.value) || isTwin(parsed.value)) return;
    if (!registry.heard(parsed.value.station_id, parsed.value.load))
      options.onUnknown(parsed.value.station_id);
  };

  const onGoodbye = (message: Msg) => {
    const parsed = read(goodbyeSchema, message);
    if (!parsed.ok) return log.refuse('goodbye', senderOf(message.subject), parsed.why);
    if (isOwn('goodbye', message, parsed.value) && !isTwin(parsed.value))
      registry.left(parsed.value.station_id, parsed.value.reason);
  };

  const subscription = nc.subscribe(names.presenceAll, {
    callback: (error, message) => {
      if (error || message.headers?.has(PROBE_HEADER)) return;
      const kind = message.subject.split('.').at(-2);
      if (kind === 'heartbeat') onHeartbeat(message);
      else if (kind === 'announce') onAnnounce(message);
      else if (kind === 'goodbye') onGoodbye(message);
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
