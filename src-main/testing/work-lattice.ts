import { afterAll, afterEach, beforeAll } from 'vitest';
import type { WorkOrderInput } from '../../src-shared/protocol/work.ts';
import type { Execute } from '../work/attempt-run.ts';
import { startNatsServer, type TestServer } from './nats-server.ts';
import {
  FixedMesh,
  openTestAccess,
  startTestStation,
  type TestAccess,
  type TestStation,
  type TestStationOptions,
} from './work-station.ts';

/** Every server the tests run on; the old one where the environment names it. */
export const SERVERS: readonly (readonly [string, string | undefined])[] = [
  ['the pinned nats-server', process.env.LATTICE_NATS_SERVER],
  ...(process.env.LATTICE_NATS_SERVER_29
    ? ([['an old nats-server', process.env.LATTICE_NATS_SERVER_29]] as const)
    : []),
];

/** Does what it is told, at once. */
export const echo: Execute = async (run) => ({ status: 'completed', result: run.task });

/** Runs until it is stopped. */
export const never: Execute = (_, { signal }) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ status: 'cancelled', reason: 'stopped' }));
  });

/** A lattice for the tests of one describe block: one server, a fresh org for each test, all closed after it. */
export class WorkLattice {
  readonly #opened: AsyncDisposable[] = [];
  #server: TestServer | undefined;
  #access: TestAccess | undefined;
  #count = 0;
  org = '';

  constructor(binary: string | undefined) {
    beforeAll(async () => {
      this.#server = await startNatsServer(binary ? { binary } : {});
    });
    afterAll(async () => this.#server?.[Symbol.asyncDispose]());
    afterEach(async () => {
      for (const one of this.#opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
    });
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** Closes a thing after the test. */
  use<T extends AsyncDisposable>(thing: T): T {
    this.#opened.push(thing);
    return thing;
  }

  /** A process that gives work, in an org of its own. */
  async open(mesh = new FixedMesh()): Promise<TestAccess> {
    this.org = `org${++this.#count}`;
    this.#access = this.use(await openTestAccess(this.url, mesh, this.org));
    return this.#access;
  }

  async station(options: Partial<TestStationOptions> & { execute: Execute }): Promise<TestStation> {
    return this.use(await this.startStation(options));
  }

  /** A station that the test closes itself. */
  startStation(options: Partial<TestStationOptions> & { execute: Execute }): Promise<TestStation> {
    return startTestStation({
      url: this.url,
      org: this.org,
      id: 's1',
      workerTimes: { retryDelayMs: 20 },
      ...options,
    });
  }

  /** Gives a work to the agent `worker`. */
  async assign(task: string, more: Partial<WorkOrderInput> = {}) {
    if (!this.#access) throw new Error('Open the lattice first.');
    return this.#access.dispatcher.assign({ task, agent: 'worker', requested_by: 'anna', ...more });
  }
}
