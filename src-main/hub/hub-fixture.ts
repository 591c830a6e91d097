import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { Disposables } from '../../src-shared/disposables.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { expectNoLeak, findSecretsIn } from '../testing/find-secrets.ts';
import { Hub } from './hub.ts';
import type { HubOptions } from './hub-options.ts';

/** Every nats-server the tests may use: the pinned one, and an old one when `LATTICE_NATS_SERVER_29` names it. */
export function testBinaries(): string[] {
  const { LATTICE_NATS_SERVER: pinned, LATTICE_NATS_SERVER_29: old } = process.env;
  if (!pinned)
    throw new Error('Set LATTICE_NATS_SERVER to a nats-server binary, or run the tests through npm test.');
  return [pinned, ...(old ? [old] : [])];
}

/** A temp folder with hubs in it; at the end it is searched for secrets, and all of it goes. */
export class HubFixture implements AsyncDisposable {
  readonly folder: string;
  readonly #disposables = new Disposables();

  private constructor(folder: string) {
    this.folder = folder;
    this.#disposables.defer(async () => {
      const leaks = findSecretsIn(folder);
      await rm(folder, { recursive: true, force: true });
      expectNoLeak(leaks);
    });
  }

  static async create(): Promise<HubFixture> {
    return new HubFixture(await mkdtemp(join(tmpdir(), 'lattice-hub-')));
  }

  /** Options of a hub in this folder, on free loopback ports. */
  options(change: Partial<HubOptions> = {}): HubOptions {
    return {
      binary: process.env.LATTICE_NATS_SERVER,
      host: '127.0.0.1',
      port: 0,
      httpPort: 0,
      storeDir: join(this.folder, 'store'),
      runtimeDir: join(this.folder, 'run'),
      logFile: join(this.folder, 'hub.log'),
      serverName: 'lattice-test',
      ...change,
      timing: { logPoll: 20, metrics: 50, backoffFirst: 50, watch: 50, ...change.timing },
    };
  }

  hub(change: Partial<HubOptions> = {}): Hub {
    return this.#disposables.use(new Hub(this.options(change)));
  }

  defer(release: () => void | Promise<void>): void {
    this.#disposables.defer(release);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposables[Symbol.asyncDispose]();
  }
}

/** Connects once, without reconnect, and gives the connection to `use`. */
export async function withConnection<T>(
  options: NonNullable<Parameters<typeof connect>[0]>,
  use: (connection: Awaited<ReturnType<typeof connect>>) => Promise<T>,
): Promise<T> {
  const connection = await connect({ reconnect: false, timeout: 3_000, ...options });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** The LatticeError a promise rejects with; anything else fails the test. */
export async function refusal(promise: Promise<unknown>): Promise<LatticeError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof LatticeError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
