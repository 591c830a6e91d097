import { JetStreamApiError, type JsMsg, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, NoRespondersError, PermissionViolationError } from '@nats-io/nats-core';
import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Member } from '../../src-shared/protocol/members.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { Follower } from '../work/follow.ts';
import { reconnectsOf } from '../work/reconnects.ts';
import { decodeMember } from './member-entry.ts';

const INFO_TIMEOUT_MS = 3_000;
const NOT_FOUND = 404;

export interface MembersOptions {
  nc: NatsConnection;
  org: string;
  /** The public key of the host, when we know it; the first entry of a host counts otherwise. */
  hostKey: string | undefined;
}

/** Who is on the lattice with which keys, as the host says; empty on a hub that asks nobody for a key. */
export class Members implements AsyncDisposable {
  /** Fires for each member that the list tells anew. */
  readonly changed = new Emitter<Member>();
  readonly #options: MembersOptions;
  readonly #members = new Map<string, Member>();
  readonly #idByKey = new Map<string, string>();
  readonly #reconnects: Disposable;
  /** What came before the entry of a host that we did not know. */
  #early: JsMsg[] = [];
  #hostKey: string | undefined;
  #signedSince: number | undefined;
  #follower: Follower | undefined;
  #disposed = false;

  private constructor(options: MembersOptions) {
    this.#options = options;
    this.#hostKey = options.hostKey;
    // The hub may have been shared while it was away, and have the list from now on.
    this.#reconnects = reconnectsOf(options.nc).on(() => void this.#follow().catch(() => undefined));
  }

  /** Reads the list and stays in step with it. @throws LatticeError `not_connected` when the hub does not answer. */
  static async open(options: MembersOptions): Promise<Members> {
    const members = new Members(options);
    try {
      await members.#follow();
      return members;
    } catch (cause) {
      await members[Symbol.asyncDispose]();
      throw new LatticeError('not_connected', 'The list of members of the lattice cannot be read.', {
        hint: 'Look at the log of the hub.',
        cause,
      });
    }
  }

  /** Since when messages are signed, in milliseconds of the epoch; undefined while nobody is asked for a key. */
  get signedSince(): number | undefined {
    return this.#signedSince;
  }

  get(id: string): Member | undefined {
    return this.#members.get(id);
  }

  /** The member that has or had this key. */
  idOf(publicKey: string): string | undefined {
    return this.#idByKey.get(publicKey);
  }

  async #follow(): Promise<void> {
    if (this.#follower || this.#disposed) return;
    const { nc, org } = this.#options;
    const { membersBucket } = namesOf(org);
    const stream = `KV_${membersBucket}`;
    if (!(await isThere(nc, stream))) return;
    await new Promise<void>((resolve, reject) => {
      Follower.start({
        nc,
        stream,
        filter: `$KV.${membersBucket}.>`,
        from: 'last_per_subject',
        onMessage: (message) => this.#take(message),
        onCaughtUp: resolve,
      }).then((follower) => {
        if (this.#disposed) void follower[Symbol.asyncDispose]();
        this.#follower = follower;
      }, reject);
      void nc.closed().then(() => reject(new Error('The connection was closed.')));
    });
  }

  #take(message: JsMsg): void {
    const { org } = this.#options;
    const text = new TextDecoder().decode(message.data);
    if (this.#hostKey === undefined) {
      const host = decodeMember(org, text, undefined);
      if (host?.host !== true) {
        this.#early.push(message);
        return;
      }
      this.#hostKey = host.keys.at(-1)?.key;
    }
    const member = decodeMember(org, text, this.#hostKey);
    // What the host did not sign changes nothing; it removes nobody either, it revokes.
    if (!member || member.id !== message.subject.split('.').at(-1)) return;
    if (member.host === true)
      this.#signedSince = member.signed_since === undefined ? undefined : Date.parse(member.signed_since);
    this.#members.set(member.id, member);
    for (const { key } of member.keys) this.#idByKey.set(key, member.id);
    this.changed.emit(member);
    for (const early of this.#early.splice(0)) this.#take(early);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#reconnects[Symbol.dispose]();
    await this.#follower?.[Symbol.asyncDispose]();
  }
}

/** A hub that does not let us ask, or keeps nothing, is none of ours and has no list. */
async function isThere(nc: NatsConnection, stream: string): Promise<boolean> {
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: INFO_TIMEOUT_MS });
    await jsm.streams.info(stream);
    return true;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === NOT_FOUND) return false;
    if (error instanceof NoRespondersError || error instanceof PermissionViolationError) return false;
    if (error instanceof Error && error.cause instanceof NoRespondersError) return false;
    throw error;
  }
}
