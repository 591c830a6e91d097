import { type NatsConnection, nkeyAuthenticator } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { Disposables } from '../../src-shared/disposables.ts';
import type { Role } from '../../src-shared/protocol/roles.ts';
import type { Device } from '../access/roster.ts';
import { MemberList } from '../signing/member-list.ts';
import { type Refused, Signing, type SigningOptions } from '../signing/signing.ts';
import { SigningKey } from '../signing/signing-key.ts';
import { rememberSecret } from './find-secrets.ts';
import { startNatsServer, type TestServer } from './nats-server.ts';

const JOINED = new Date(Date.now() - 3_600_000).toISOString();

/** A device of a guarded lattice, as a test speaks for it. */
export interface TestDevice {
  id: string;
  seed: string;
  key: SigningKey;
  nc: NatsConnection;
  signing: Signing;
  /** What it refused so far. */
  refused: Refused[];
}

/** A lattice whose hub asks for keys and lets every key say everything, so that only signatures protect it. */
export class GuardedLattice implements AsyncDisposable {
  readonly org = 'test';
  readonly server: TestServer;
  readonly roster: Device[] = [];
  readonly #end: Disposables;
  readonly #seeds: Map<string, string>;
  readonly #host: { nc: NatsConnection; key: SigningKey };
  #list: MemberList;

  private constructor(
    server: TestServer,
    end: Disposables,
    seeds: Map<string, string>,
    host: { nc: NatsConnection; key: SigningKey },
  ) {
    this.server = server;
    this.#end = end;
    this.#seeds = seeds;
    this.#host = host;
    this.#list = this.#listWith(true);
  }

  /** Starts a hub that knows the host and these devices; nothing is signed until `guard` is called. */
  static async start(names: readonly string[]): Promise<GuardedLattice> {
    const seeds = new Map(
      ['host', ...names].map((name) => [
        name,
        rememberSecret(Buffer.from(createUser().getSeed()).toString()),
      ]),
    );
    const users = [...seeds.values()].map((seed) => `{ nkey: ${new SigningKey(seed).publicKey} }`);
    const end = new Disposables();
    const server = end.use(
      await startNatsServer({ config: `authorization { users: [${users.join(', ')}] }` }),
    );
    const seed = seeds.get('host') ?? '';
    const nc = await dial(server, seed);
    end.defer(() => nc.close());
    return new GuardedLattice(server, end, seeds, { nc, key: new SigningKey(seed) });
  }

  /** Adds members with their roles, and says from now on that everything is signed. */
  async guard(roles: Readonly<Record<string, Role>>): Promise<void> {
    for (const [id, role] of Object.entries(roles)) {
      const key = new SigningKey(this.#seeds.get(id) ?? '').publicKey;
      const facts = { version: '1', platform: 'test', joined_at: JOINED, former_keys: [] };
      this.roster.push({ id, key, name: `name-of-${id}`, role, ...facts });
    }
    await this.publish();
  }

  /** Tells the list again after a change of the roster; an unguarded hub says that nothing is signed. */
  async publish(guarded = true): Promise<void> {
    this.#list = this.#listWith(guarded);
    await this.#list.publish();
  }

  /** Speaks for one of the names, or for the host. */
  async device(id: string, more: Partial<SigningOptions> = {}): Promise<TestDevice> {
    const seed = this.#seeds.get(id) ?? '';
    const key = new SigningKey(seed);
    const nc = await dial(this.server, seed);
    this.#end.defer(() => nc.close());
    const hostKey = this.#host.key.publicKey;
    const signing = this.#end.use(await Signing.open({ nc, org: this.org, id, key, hostKey, ...more }));
    const refused: Refused[] = [];
    signing.refused.on((each) => refused.push(each));
    return { id, seed, key, nc, signing, refused };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end[Symbol.asyncDispose]();
  }

  #listWith(guarded: boolean): MemberList {
    return new MemberList({
      ...this.#host,
      org: this.org,
      host: { id: 'host', name: 'name-of-host' },
      devices: () => this.roster,
      guarded,
    });
  }
}

function dial({ url }: TestServer, seed: string): Promise<NatsConnection> {
  return connect({ servers: url, authenticator: nkeyAuthenticator(Buffer.from(seed)) });
}
