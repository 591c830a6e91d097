import { ulid } from 'ulid';
import { Disposables } from '../../src-shared/disposables.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LiveMap, LiveSource } from '../../src-shared/live.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import type { StationManifest } from '../../src-shared/protocol/station.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { Problem } from '../../src-shared/views/node.ts';
import { type Execute, InvokeServer } from './invoke-server.ts';
import type { Invoker } from './invoker.ts';
import { LoadSampler } from './load.ts';
import { MeshBase, type ObserveOptions } from './mesh-base.ts';
import { Presence } from './presence.ts';
import { listenToPresence } from './presence-listener.ts';
import type { Registry } from './registry.ts';
import type { Slots } from './slots.ts';
import { encode, protocolHeaders } from './wire.ts';

export interface JoinOptions extends Omit<ObserveOptions, 'callerId'> {
  identity: { id: string; name: string };
  version: string;
  hostsHub: boolean;
  platform: StationManifest['platform'];
  /** What this station offers, now and as it changes. */
  agents: LiveSource<AgentInfo>;
  slots: Slots;
  execute: Execute;
  /** Milliseconds between two looks at whether the callers of running work still live. */
  probeMs?: number;
}

/** The mesh as one process sees it: who is there, and a way to call them. */
export interface MeshObserver extends AsyncDisposable {
  readonly registry: Registry;
  readonly invoker: Invoker;
  readonly problems: LiveMap<Problem>;
}

/** The mesh with this process as one of its stations. */
export interface Mesh extends MeshObserver {
  readonly stationId: string;
  /** Tells the mesh the present state again; failures become a problem. */
  announce(): Promise<void>;
  /** Changes what others see of this station. */
  update(change: { stationName?: string; hostsHub?: boolean }): Promise<void>;
  /** Tells everybody in the place of a station that cannot say it itself any more that it left. */
  dismiss(stationId: string, reason: string): void;
  /** Invocations of this station that are queued or running. */
  readonly serving: number;
}

const TWIN = 'mesh.twin';

/**
 * Makes this process a station: answers calls, writes its record, announces, and hears the others.
 * Ends with a goodbye after its running calls were stopped.
 * @throws LatticeError `unsupported` without JetStream, `not_connected`, or `invalid_input` for what cannot be announced.
 */
export async function joinMesh(options: JoinOptions): Promise<Mesh> {
  const { connection, identity, slots, agents } = options;
  const names = namesOf(options.org);
  const instance = ulid();
  const started = new Date().toISOString();
  let name = identity.name;
  let twinTimer: NodeJS.Timeout | undefined;
  const base = new MeshBase({ ...options, callerId: identity.id }, identity.id);
  const { store, problems, timing, log, inbox } = base;
  const load = new LoadSampler(slots);
  const onTwin = () => {
    problems.raise({
      id: TWIN,
      severity: 'error',
      area: 'mesh',
      title: 'Another process runs as this station',
      detail: `A second process uses the station id ${identity.id}. Stop it, or give it a data folder of its own.`,
    });
    clearTimeout(twinTimer);
    twinTimer = setTimeout(() => problems.solve(TWIN), timing.offlineAfterMs);
    twinTimer.unref();
  };
  const presence = new Presence({
    nc: () => connection.nc,
    connected: () => connection.connected,
    names,
    stationId: identity.id,
    stationName: name,
    instance,
    description: {
      version: options.version,
      hosts_hub: options.hostsHub,
      platform: options.platform,
      started_at: started,
    },
    agents,
    slots,
    load,
    store,
    timing,
    problems,
  });
  const end = new Disposables();
  end.use(base);
  end.defer(() => clearTimeout(twinTimer));
  try {
    await store.open(true);
    end.use(
      listenToPresence({
        nc: connection.nc,
        names,
        registry: base.registry,
        log,
        onUnknown: (id) => base.fetch(id),
        self: { id: identity.id, instance, onTwin },
      }),
    );
    const offered = offeredBy(agents);
    end.use(offered);
    const server = new InvokeServer({
      nc: connection.nc,
      connected: () => connection.connected,
      names,
      stationId: identity.id,
      stationName: () => name,
      started,
      offers: (agent) => offered.get(agent),
      execute: options.execute,
      slots,
      load,
      log,
      inbox,
      signing: options.signing,
      ...(options.probeMs ? { probeMs: options.probeMs } : {}),
    });
    end.use(presence);
    end.use(server);
    await presence.start();
    base.onOwnRecordOffline = () => void presence.announce();
    await base.begin(async () => {
      await store.open(true);
      server.resendOutcomes();
      await presence.announce();
    });
    return {
      stationId: identity.id,
      registry: base.registry,
      invoker: base.invoker,
      problems: problems.live,
      announce: () => presence.announce(),
      update: (change) => {
        name = change.stationName ?? name;
        return presence.update(change);
      },
      dismiss: (stationId, reason) => {
        const known = base.registry.manifest(stationId);
        if (!known) return;
        const goodbye = {
          station_id: stationId,
          station_name: known.station_name,
          time: new Date().toISOString(),
          reason,
        };
        // Only who hosts may: the hub lets every other device speak for itself alone.
        const subject = names.presenceGoodbye(stationId);
        connection.nc.publish(subject, encode(goodbye), { headers: protocolHeaders() });
      },
      get serving() {
        return server.size;
      },
      [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
    };
  } catch (error) {
    await end[Symbol.asyncDispose]();
    throw LatticeError.from(error);
  }
}

/**
 * Looks at the mesh without being a station, for the command line: reads the records, hears presence, can call.
 * @throws LatticeError `unsupported` without JetStream, `not_connected`.
 */
export async function observeMesh(options: ObserveOptions): Promise<MeshObserver> {
  const { connection } = options;
  const base = new MeshBase(options);
  const end = new Disposables();
  end.use(base);
  try {
    await base.store.open(false);
    end.use(
      listenToPresence({
        nc: connection.nc,
        names: namesOf(options.org),
        registry: base.registry,
        log: base.log,
        onUnknown: (id) => base.fetch(id),
      }),
    );
    await base.begin(() => base.store.open(false));
  } catch (error) {
    await end[Symbol.asyncDispose]();
    throw LatticeError.from(error);
  }
  return {
    registry: base.registry,
    invoker: base.invoker,
    problems: base.problems.live,
    [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
  };
}

/** The agents of this station by name, kept in step. */
function offeredBy(agents: LiveSource<AgentInfo>): Disposable & { get(name: string): AgentInfo | undefined } {
  let byName = new Map(agents.snapshot().map((agent) => [agent.name, agent]));
  const watch = agents.on(() => {
    byName = new Map(agents.snapshot().map((agent) => [agent.name, agent]));
  });
  return { get: (name) => byName.get(name), [Symbol.dispose]: () => watch[Symbol.dispose]() };
}
