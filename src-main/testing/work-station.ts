import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Disposables } from '../../src-shared/disposables.ts';
import { Emitter } from '../../src-shared/emitter.ts';
import type { Execute } from '../work/attempt-run.ts';
import type { MeshFacts, OfferFact } from '../work/placement.ts';
import type { WitnessNotice, WitnessTimes } from '../work/witness.ts';
import { openWork, startWork, type WorkAccess, type WorkService } from '../work/work-service.ts';
import type { WorkerTimes, WorkSlots } from '../work/worker.ts';
import type { TestDevice } from './guarded-lattice.ts';

/** Slots of one station, counted; what the mesh has in the app. */
export class CountedSlots implements WorkSlots {
  readonly #capacity: number;
  readonly #perAgent: number;
  readonly changed = new Emitter<void>();
  readonly #running: string[] = [];
  /** The most that ever ran at once. */
  peak = 0;

  constructor(capacity: number, perAgent = capacity) {
    this.#capacity = capacity;
    this.#perAgent = perAgent;
  }

  get running(): number {
    return this.#running.length;
  }

  free(agent?: string): number {
    if (agent === undefined) return this.#capacity - this.#running.length;
    return this.#perAgent - this.#running.filter((one) => one === agent).length;
  }

  tryAcquire(agent: string): Disposable | undefined {
    if (this.free() <= 0 || this.free(agent) <= 0) return undefined;
    this.#running.push(agent);
    this.peak = Math.max(this.peak, this.#running.length);
    return {
      [Symbol.dispose]: () => {
        this.#running.splice(this.#running.indexOf(agent), 1);
        this.changed.emit();
      },
    };
  }

  async acquire(agent: string, { signal }: { signal: AbortSignal }): Promise<Disposable> {
    for (;;) {
      signal.throwIfAborted();
      const slot = this.tryAcquire(agent);
      if (slot) return slot;
      await new Promise<void>((next) => {
        const watching = this.changed.on(() => {
          watching[Symbol.dispose]();
          next();
        });
        signal.addEventListener('abort', () => next(), { once: true });
      });
    }
  }
}

/** The mesh as a test says it is. */
export class FixedMesh implements MeshFacts {
  readonly offers: (OfferFact & { agents: Record<string, string[]> })[] = [];

  /** Adds or replaces a station with its agents and their capabilities. */
  set(id: string, status: OfferFact['status'], agents: Record<string, string[]>, capacity = 4): void {
    const at = this.offers.findIndex((offer) => offer.id === id);
    const offer = { id, name: id, status, agents, running: 0, capacity };
    if (at < 0) this.offers.push(offer);
    else this.offers[at] = offer;
  }

  stations(): OfferFact[] {
    return this.offers;
  }

  offering(agent: string): OfferFact[] {
    return this.offers.filter((offer) => agent in offer.agents);
  }

  agentsWith(capability: string): string[] {
    return this.offers.flatMap((offer) =>
      Object.entries(offer.agents)
        .filter(([, capabilities]) => capabilities.includes(capability))
        .map(([agent]) => agent),
    );
  }
}

export interface TestStationOptions {
  url: string;
  id: string;
  execute: Execute;
  agents?: string[];
  slots?: CountedSlots;
  mesh?: FixedMesh;
  org?: string;
  workerTimes?: Partial<WorkerTimes>;
  witnessTimes?: Partial<WitnessTimes>;
  /** Speaks with the key of this device on its connection. */
  device?: Pick<TestDevice, 'nc' | 'signing'>;
}

export interface TestStation extends AsyncDisposable {
  nc: NatsConnection;
  service: WorkService;
  slots: CountedSlots;
  notices: WitnessNotice[];
}

/** Small streams, so that many orgs fit on one test server. */
const LIMITS = { eventsBytes: 128 * 1024 ** 2, outputBytes: 64 * 1024 ** 2 };

/** A station on a real hub, without a mesh: what runs work in the app. */
export async function startTestStation(options: TestStationOptions): Promise<TestStation> {
  const disposables = new Disposables();
  const { device } = options;
  const reconnect = { maxReconnectAttempts: -1, reconnectTimeWait: 100 };
  const nc = device?.nc ?? (await connect({ servers: options.url, ...reconnect }));
  if (!device) disposables.defer(() => nc.close());
  const agents = options.agents ?? ['worker'];
  const slots = options.slots ?? new CountedSlots(4);
  const mesh = options.mesh ?? new FixedMesh();
  if (!options.mesh) mesh.set(options.id, 'online', Object.fromEntries(agents.map((agent) => [agent, []])));
  const notices: WitnessNotice[] = [];
  const service = await startWork({
    nc,
    org: options.org ?? 'test',
    mesh,
    station: { id: options.id, name: options.id },
    slots,
    signing: device?.signing,
    agents: () => agents,
    execute: options.execute,
    keepEnded: true,
    limits: LIMITS,
    notify: (notice) => notices.push(notice),
    ...(options.workerTimes ? { workerTimes: options.workerTimes } : {}),
    ...(options.witnessTimes ? { witnessTimes: options.witnessTimes } : {}),
  });
  disposables.use(service);
  return { nc, service, slots, notices, [Symbol.asyncDispose]: () => disposables[Symbol.asyncDispose]() };
}

export interface TestAccess extends WorkAccess, AsyncDisposable {
  nc: NatsConnection;
}

/** A process that gives work and watches, like the command line. */
export async function openTestAccess(url: string, mesh = new FixedMesh(), org = 'test'): Promise<TestAccess> {
  const nc = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const access = await openWork({ nc, org, mesh, limits: LIMITS });
  return { ...access, nc, [Symbol.asyncDispose]: () => nc.close() };
}
