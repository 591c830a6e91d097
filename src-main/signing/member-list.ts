import { jetstream } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { InTurn } from '../../src-shared/in-turn.ts';
import type { Member } from '../../src-shared/protocol/members.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { Device } from '../access/roster.ts';
import { openBucket } from '../mesh/buckets.ts';
import { decodeMember, encodeMember } from './member-entry.ts';
import type { SigningKey } from './signing-key.ts';

/** Former roles and keys that are kept for what was signed under them. */
const MAX_FORMER = 50;
const WITHIN_MS = 5_000;

export interface MemberListOptions {
  nc: NatsConnection;
  org: string;
  /** The key of the host, which signs the list. */
  key: SigningKey;
  host: { id: string; name: string };
  /** Who may be on the lattice, as the host has it now. */
  devices(): readonly Device[];
  /** Whether the hub asks everybody for a key. */
  guarded: boolean;
  now?: () => number;
}

/** Tells the lattice who is a member of it; only the host does. */
export class MemberList {
  readonly #options: MemberListOptions;
  readonly #turn = new InTurn();

  constructor(options: MemberListOptions) {
    this.#options = options;
  }

  /** The public half of the key that signs the list. */
  get hostKey(): string {
    return this.#options.key.publicKey;
  }

  /**
   * Writes what changed since the list was written last; one call after the other.
   * An open hub gets no list, and one that was guarded before says that nothing is signed now.
   * @throws LatticeError `not_connected`, `unsupported`.
   */
  publish(): Promise<void> {
    return this.#turn.run(() => this.#publish());
  }

  async #publish(): Promise<void> {
    const { nc, org, guarded } = this.#options;
    const name = namesOf(org).membersBucket;
    const spec = { name, history: 1, description: 'Lattice members and their keys, signed by the host' };
    if ((await openBucket(nc, spec, guarded)) === undefined) return;
    const kv = await new Kvm(jetstream(nc, { timeout: WITHIN_MS })).open(name);
    const before = await this.#read(kv);
    const now = new Date((this.#options.now ?? Date.now)()).toISOString();
    const wanted = [...this.#wanted(before, now), this.#host(before, now)];
    const ids = new Set(wanted.map(({ id }) => id));
    for (const [id, member] of before)
      if (!ids.has(id) && member) wanted.push({ ...member, revoked_at: member.revoked_at ?? now });
    for (const member of wanted)
      if (JSON.stringify(before.get(member.id)) !== JSON.stringify(member))
        await kv.put(member.id, encodeMember(org, member, this.#options.key));
  }

  #wanted(before: ReadonlyMap<string, Member | undefined>, now: string): Member[] {
    const { host } = this.#options;
    return this.#options
      .devices()
      .filter(({ id }) => id !== host.id)
      .map((device) => memberOf(before.get(device.id), device, now));
  }

  #host(before: ReadonlyMap<string, Member | undefined>, now: string): Member {
    const { host, key, guarded } = this.#options;
    const known = before.get(host.id);
    const since = known?.host === true ? known.signed_since : undefined;
    return {
      id: host.id,
      name: host.name,
      roles: [{ role: 'admin', from: known?.roles[0]?.from ?? now }],
      keys: [{ key: key.publicKey, from: known?.keys[0]?.from ?? now }],
      host: true,
      ...(guarded ? { signed_since: since ?? now } : {}),
    };
  }

  /** The list as it is; undefined for entries that the host did not sign. */
  async #read(kv: KV): Promise<Map<string, Member | undefined>> {
    const { org, key } = this.#options;
    const found = new Map<string, Member | undefined>();
    const keys: string[] = [];
    for await (const id of await kv.keys()) keys.push(id);
    for (const id of keys) {
      const entry = await kv.get(id);
      if (entry?.operation !== 'PUT') continue;
      const member = decodeMember(org, entry.string(), key.publicKey);
      found.set(id, member?.id === id ? member : undefined);
    }
    return found;
  }
}

/** A device as a member, with the roles and keys it had before. */
function memberOf(before: Member | undefined, device: Device, now: string): Member {
  const { id, name, role, key, joined_at, revoked_at } = device;
  const fromOf = (one: string) => before?.keys.find((known) => known.key === one)?.from;
  const former = device.former_keys.map((old) => ({ ...old, from: fromOf(old.key) ?? joined_at }));
  const gone = (before?.keys ?? [])
    .filter((known) => known.key !== key && !former.some((old) => old.key === known.key))
    .map((known) => ({ ...known, until: known.until ?? now }));
  const roles = before?.roles ?? [{ role, from: joined_at }];
  return {
    id,
    name,
    roles: (roles.at(-1)?.role === role ? roles : [...roles, { role, from: now }]).slice(-MAX_FORMER),
    keys: [...gone, ...former, { key, from: fromOf(key) ?? joinedOrNow(before, joined_at, now) }].slice(
      -MAX_FORMER,
    ),
    ...(revoked_at === undefined ? {} : { revoked_at }),
  };
}

/** The first key is as old as the membership; a later one begins when it is told. */
function joinedOrNow(before: Member | undefined, joinedAt: string, now: string): string {
  return before === undefined ? joinedAt : now;
}
