import { expect, vi } from 'vitest';
import { startNatsServer, type TestServer } from '../testing/nats-server.ts';
import type { CompletedCall, InvokeOptions } from './agent-call.ts';
import { agentInfo, startStation, type TestStation, type TestStationOptions } from './test-station.ts';
import type { MeshTiming } from './timing.ts';

/** A hub, a station that calls, and the stations that a test adds to be called. */
export class InvokeScene implements AsyncDisposable {
  readonly server: TestServer;
  readonly caller: TestStation;
  readonly #open: AsyncDisposable[];

  private constructor(server: TestServer, caller: TestStation) {
    this.server = server;
    this.caller = caller;
    this.#open = [server, caller];
  }

  static async start(timing: Partial<MeshTiming> = {}): Promise<InvokeScene> {
    const server = await startNatsServer();
    return new InvokeScene(server, await startStation({ url: server.url, name: 'caller', timing }));
  }

  /** Ends a thing with the scene, before what was there earlier. */
  own<T extends AsyncDisposable>(thing: T): T {
    this.#open.push(thing);
    return thing;
  }

  /** Starts a station with the agent `echo` that the caller knows to be online. */
  async worker(options: Partial<TestStationOptions> = {}): Promise<TestStation> {
    const { url } = this.server;
    const station = this.own(
      await startStation({ url, name: 'forge', agents: [agentInfo('echo')], ...options }),
    );
    const { stations } = this.caller.mesh.registry;
    await vi.waitFor(() => expect(stations.get(station.id)?.status).toBe('online'));
    return station;
  }

  call(change: Partial<InvokeOptions> = {}): Promise<CompletedCall> {
    return this.caller.mesh.invoker.invoke({ target: { agent: 'echo' }, task: 'hi', ...change });
  }

  /** Starts the hub again that was killed; it uses the store of the first one, whose folder therefore goes last. */
  async startHubAgain(): Promise<void> {
    const { port, storeDir } = this.server;
    this.#open.splice(1, 0, await startNatsServer({ port, storeDir }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const thing of this.#open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
  }
}
