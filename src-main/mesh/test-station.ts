import { once } from 'node:events';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { ulid } from 'ulid';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { LiveMap } from '../../src-shared/live.ts';
import { type AgentInfo, agentInfoSchema } from '../../src-shared/protocol/agent.ts';
import type { StationManifest } from '../../src-shared/protocol/station.ts';
import type { RunOutcome } from '../agents/runner.ts';
import { Signing } from '../signing/signing.ts';
import { MeshConnection, type MeshConnectionOptions } from './connection.ts';
import type { Execute } from './invoke-server.ts';
import { joinMesh, type Mesh } from './mesh.ts';
import { Slots } from './slots.ts';
import type { MeshTiming } from './timing.ts';

/** Presence much faster than in life, with room for a busy machine between heartbeat and verdict. */
export const FAST: MeshTiming = {
  heartbeatMs: 150,
  lateAfterMs: 600,
  offlineAfterMs: 1_200,
  sweepMs: 20,
  loadChangeMs: 30,
  askEveryMs: 300,
  returnWaitMs: 300,
};

export function agentInfo(name: string, change: Partial<AgentInfo> = {}): AgentInfo {
  return agentInfoSchema.parse({
    name,
    description: `Does ${name}`,
    capabilities: ['demo'],
    runner: 'command',
    digest: 'a'.repeat(64),
    registered_at: '2026-11-01T00:00:00Z',
    ...change,
  });
}

export function manifest(
  id: string,
  agents: AgentInfo[] = [],
  change: Partial<StationManifest> = {},
): StationManifest {
  return {
    station_id: id,
    station_name: `name-of-${id}`,
    version: '0.1.0',
    hosts_hub: false,
    started_at: '2026-11-01T00:00:00.000Z',
    platform: { os: 'linux', arch: 'x64', cores: 4, memory_bytes: 8e9, hostname: 'host' },
    agents,
    load: { running: 0, capacity: 4, queued: 0, cpu: 0.1, memory: 0.2 },
    last_seen: '2026-11-01T00:00:00.000Z',
    status: 'online',
    ...change,
  };
}

export interface TestStation extends AsyncDisposable {
  id: string;
  connection: MeshConnection;
  mesh: Mesh;
  agents: LiveMap<AgentInfo>;
  slots: Slots;
  /** Cuts the connection without a goodbye, as kill -9 does. */
  crash(): Promise<void>;
}

export interface TestStationOptions {
  url: string;
  name: string;
  id?: string;
  org?: string;
  agents?: AgentInfo[];
  maxParallel?: number;
  execute?: Execute;
  timing?: Partial<MeshTiming>;
  probeMs?: number;
  connection?: Partial<MeshConnectionOptions>;
}

/** A whole station in this process, without hub and catalog: its agents echo their task unless `execute` is given. */
export async function startStation(options: TestStationOptions): Promise<TestStation> {
  const id = options.id ?? ulid();
  const connection = new MeshConnection({
    url: options.url,
    kind: 'station',
    id,
    backoff: { minMs: 20, maxMs: 200 },
    ...options.connection,
  });
  await connection.open();
  const { nc, signingKey: key } = connection;
  const org = options.org ?? 'default';
  const signing = key && (await Signing.open({ nc, org, id, key }));
  const agents = new LiveMap<AgentInfo>((agent) => agent.name);
  agents.apply(options.agents ?? []);
  const slots = new Slots({
    maxParallel: options.maxParallel ?? 4,
    agentLimit: (agent) => agents.get(agent)?.max_parallel,
  });
  const joined = joinMesh({
    connection,
    org,
    signing,
    identity: { id, name: options.name },
    version: '0.1.0',
    hostsHub: false,
    platform: { os: 'linux', arch: 'x64', cores: 2, memory_bytes: 1e9, hostname: 'test' },
    agents,
    slots,
    execute: options.execute ?? (async (_agent, request) => ({ status: 'completed', result: request.task })),
    timing: { ...FAST, ...options.timing },
    ...(options.probeMs ? { probeMs: options.probeMs } : {}),
  });
  const mesh = await joined.catch(async (error: unknown) => {
    await connection[Symbol.asyncDispose]();
    throw error;
  });
  return {
    id,
    connection,
    mesh,
    agents,
    slots,
    async crash() {
      await connection[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      await mesh[Symbol.asyncDispose]();
      await signing?.[Symbol.asyncDispose]();
      await connection[Symbol.asyncDispose]();
    },
  };
}

/** A TCP relay that counts how often somebody dials. */
export async function countingRelay(port: number) {
  const sockets = new Set<Socket>();
  let dials = 0;
  const server = createServer((from) => {
    dials++;
    const to = connectSocket(port, '127.0.0.1');
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(a);
      a.on('error', () => b.destroy());
      a.on('close', () => {
        sockets.delete(a);
        b.destroy();
      });
      a.pipe(b);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const own = typeof address === 'object' && address ? address.port : 0;
  return {
    port: own,
    get dials() {
      return dials;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const connzSchema = z.object({ connections: z.array(z.object({ name: z.string().default('') })) });

/** The names of all connections the hub has now. */
export async function hubConnections(monitorUrl: string): Promise<string[]> {
  const answer = await fetch(`${monitorUrl}/connz`);
  return connzSchema.parse(await answer.json()).connections.map(({ name }) => name);
}

/** The LatticeError a promise rejects with; fails the test when it does not. */
export async function failure(promise: Promise<unknown>): Promise<LatticeError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof LatticeError) return error;
    throw error;
  }
  throw new Error('This should have failed.');
}

/** A run that ends when the test says so. */
export class Gate {
  readonly signals: AbortSignal[] = [];
  readonly #open: ((outcome: RunOutcome) => void)[] = [];
  readonly execute: Execute = (_agent, _request, { signal }) => {
    this.signals.push(signal);
    return new Promise((resolve) => {
      this.#open.push(resolve);
      signal.addEventListener('abort', () =>
        resolve({ status: 'cancelled', reason: String(signal.reason.message) }),
      );
    });
  };

  finish(result: string): void {
    for (const resolve of this.#open.splice(0)) resolve({ status: 'completed', result });
  }
}
