import { type ConsumerInfo, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { MeshFacts } from './placement.ts';

const LANE = /^(station|agent)-(.+)-[0-5]$/;

/** A reader of a work queue that nobody uses any more. */
export interface IdleLane {
  stream: string;
  consumer: string;
  /** The station or the agent it was for. */
  kind: 'station' | 'agent';
  name: string;
}

export interface CleanupOptions {
  nc: NatsConnection;
  names: LatticeNames;
  mesh: MeshFacts;
  /** Only says what would go. */
  dryRun: boolean;
}

/** Removes the readers of stations and agents that are gone, where nothing waits; a returning one makes its own again. */
export async function cleanUpLanes({ nc, names, mesh, dryRun }: CleanupOptions): Promise<IdleLane[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const stations = new Set(mesh.stations().map((station) => station.id));
  const idle: IdleLane[] = [];
  for (const stream of [names.queueStream, names.agentQueueStream])
    for await (const info of jsm.consumers.list(stream)) {
      const lane = idleLane(info, stations, mesh);
      if (!lane) continue;
      if (!dryRun) await jsm.consumers.delete(stream, lane.consumer);
      idle.push(lane);
    }
  return idle;
}

function idleLane(info: ConsumerInfo, stations: ReadonlySet<string>, mesh: MeshFacts): IdleLane | undefined {
  const [, kind, name] = LANE.exec(info.name) ?? [];
  if ((kind !== 'station' && kind !== 'agent') || name === undefined) return undefined;
  const isUsed = kind === 'station' ? stations.has(name) : mesh.offering(name).length > 0;
  if (isUsed || info.num_pending > 0 || info.num_ack_pending > 0) return undefined;
  return { stream: info.stream_name, consumer: info.name, kind, name };
}
