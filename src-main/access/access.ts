import { fromPublic } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';
import { InTurn } from '../../src-shared/in-turn.ts';
import { writeJoinLink } from '../../src-shared/join-link.ts';
import {
  type AccessList,
  type EnrolAnswer,
  type EnrolRequest,
  type InviteOptions,
  inviteOptionsSchema,
  type ManageInput,
  type ManageRequest,
  proofBytes,
} from '../../src-shared/protocol/enrol.ts';
import type { OwnAccess, OwnRequest } from '../../src-shared/protocol/own-access.ts';
import type { HubAuth } from '../hub/hub-options.ts';
import { accessList, type DeviceFacts } from './access-list.ts';
import { codeKey, newCode } from './code-key.ts';
import { hubUsers } from './hub-users.ts';
import { rotated } from './key-rotation.ts';
import type { Device, Invitation, Roster } from './roster.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface AccessOptions {
  roster: Roster;
  org: string;
  /** How people call the lattice now. */
  lattice(): string;
  /** The station that hosts: its key now, its id and its name. */
  host(): { key: string; id: string; name: string };
  /** The pin of the hub's CA. */
  pin: string;
  /** `host:port` where others reach the hub; empty while it is not shared. */
  addresses(): string[];
  /** Lets the hub take these users from now on; who is not in them any more is cut off. */
  apply(auth: HubAuth): Promise<void>;
  /** Whether this key is on another lattice of the same hub; the hub knows a key once. */
  isElsewhere?(key: string): boolean;
  /** A device lost its access: its station is gone and its work goes back. */
  onRevoked(device: Device): Promise<void>;
  /** What is known of these devices now, by id. */
  facts(devices: readonly Device[]): Promise<ReadonlyMap<string, DeviceFacts>>;
  /** From where the one connection with this key comes, as far as that is known. */
  addressOf(key: string): Promise<string | undefined>;
  now?: () => number;
}

/** What a device hears of its own access, and what the host does once it has heard it. */
export interface OwnChange {
  access?: OwnAccess;
  after?: () => Promise<void>;
}

/** Who may be on the lattice that this host runs: invites, lets in, changes and takes back, one thing at a time. */
export class Access implements Disposable {
  /** The devices that wait for a yes. */
  readonly waiting: WaitingRoom;
  readonly #options: AccessOptions;
  readonly #now: () => number;
  readonly #turn = new InTurn();

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.waiting = new WaitingRoom({ now: this.#now });
  }

  /** The users of the hub as the roster has them now. */
  get auth() {
    const { roster, org, host } = this.#options;
    return hubUsers({ org, hostKey: host().key, devices: roster.devices, invitations: roster.invitations });
  }

  /** Makes a link that lets one device in, for the host itself or for `by`. @throws LatticeError `unsafe` while the hub is not shared, `busy`. */
  invite(options: InviteOptions, by = this.#options.host().name): Promise<string> {
    return this.#turn.run(async () => {
      const { roster, org, pin } = this.#options;
      const hosts = this.#options.addresses();
      if (hosts.length === 0)
        throw new LatticeError('unsafe', 'This hub listens on this machine only, so nobody could join.', {
          hint: 'Share it first: Hub, Share in the window, or lattice serve --orchestration --share.',
        });
      const { role, expires_ms, approve } = inviteOptionsSchema.parse(options);
      const { invitation: id, code } = newCode();
      const created = this.#now();
      const expires = new Date(created + expires_ms).toISOString();
      await roster.invite({
        id,
        key: codeKey(id, code).getPublicKey(),
        role,
        approve,
        by,
        created_at: new Date(created).toISOString(),
        expires_at: expires,
        withdrawn: false,
        allowed: [],
        denied: [],
      });
      await this.#apply();
      return writeJoinLink({
        hosts,
        lattice: this.#options.lattice(),
        org,
        invitation: id,
        pin,
        code,
        role,
        expires,
      });
    });
  }

  /** Does what an admin asks; gives the link of a new invitation. @throws LatticeError `not_found`, `conflict`. */
  async manage(request: ManageInput | ManageRequest, by?: string): Promise<{ link?: string }> {
    if (request.op === 'invite') return { link: await this.invite(request.options, by) };
    await this.#turn.run(() => this.#change(request));
    return {};
  }

  async #change(request: Exclude<ManageInput, { op: 'invite' }>): Promise<void> {
    const { roster } = this.#options;
    switch (request.op) {
      case 'withdraw': {
        const { id } = this.#invitation(request.invitation);
        this.waiting.close(id);
        return roster.changeInvitation(id, { withdrawn: true });
      }
      case 'decide': {
        const { id, allowed, denied } = this.#invitation(request.invitation);
        if (!this.waiting.take(id, request.key))
          throw new LatticeError('not_found', 'This device does not wait for an answer any more.');
        const change = request.allow
          ? { allowed: [...allowed, request.key] }
          : { denied: [...denied, request.key] };
        return roster.changeInvitation(id, change);
      }
      case 'rename':
        return roster.changeDevice(this.#active(request.device).id, { name: request.name });
      case 'role':
        await roster.changeDevice(this.#active(request.device).id, { role: request.role });
        return this.#apply();
      case 'revoke':
        return this.#revoke(this.#active(request.device), {});
      default:
        request satisfies never;
    }
  }

  /** Answers a device that asks to be let in; of two with one code exactly one is. */
  enrol(request: EnrolRequest): Promise<EnrolAnswer> {
    return this.#turn.run(async (): Promise<EnrolAnswer> => {
      try {
        return await this.#enrol(request);
      } catch (error) {
        return { kind: 'refused', error: LatticeError.from(error).toShape() };
      }
    });
  }

  async #enrol(request: EnrolRequest): Promise<EnrolAnswer> {
    const { roster, org, host } = this.#options;
    const invitation = roster.invitation(request.invitation);
    if (!invitation) throw new LatticeError('not_found', 'The host does not know this invitation.', ASK);
    if (!isProven(invitation, request))
      throw new LatticeError('auth_failed', 'This device could not prove the code of the link.', ASK);
    const { role } = invitation;
    const known = roster.device(request.station_id);
    const granted = {
      kind: 'granted',
      grant: {
        lattice: this.#options.lattice(),
        org,
        role,
        station_id: request.station_id,
        host_key: host().key,
      },
    } as const;
    // The answer may have been lost on its way; the same device hears it again.
    if (invitation.used_by === request.key && known?.key === request.key && known.revoked_at === undefined) {
      await this.#apply();
      return { ...granted, grant: { ...granted.grant, role: known.role } };
    }
    refuseClosed(roster.stateOf(invitation));
    if (
      request.station_id === host().id ||
      (known && known.key !== request.key && known.revoked_at === undefined)
    )
      throw new LatticeError('conflict', 'Another device is on this lattice under this station id.', {
        hint: 'Join from another folder, or take the access of the other device back first.',
      });
    if (this.#options.isElsewhere?.(request.key))
      throw new LatticeError('conflict', 'This device is on another lattice of the same hub.', {
        hint: 'Join from another folder, or take its access to the other lattice back first.',
      });
    if (invitation.denied.includes(request.key))
      throw new LatticeError('auth_failed', 'The host said no to this device.', ASK);
    if (invitation.approve && !invitation.allowed.includes(request.key)) {
      const address = await this.#options.addressOf(invitation.key);
      this.waiting.ask(request, role, address);
      return { kind: 'waiting' };
    }
    await roster.admit(invitation, request);
    this.waiting.close(invitation.id);
    await this.#apply();
    return granted;
  }

  /** Every device and invitation, the newest first. */
  async list(): Promise<AccessList> {
    const { roster } = this.#options;
    return accessList(roster, this.waiting, await this.#options.facts(roster.devices));
  }

  /**
   * What a device asks about its own access; the hub proved that it is this device. Cutting off the old key is left to
   * `after`, since the answer goes to the connection of that key. @throws LatticeError `not_found`, `conflict`, `auth_failed`.
   */
  own(id: string, request: OwnRequest): Promise<OwnChange> {
    return this.#turn.run(async () => {
      const { roster, host } = this.#options;
      const device = this.#active(id);
      const { name, role, key, joined_at } = device;
      const access = { name, role, key, joined_at };
      switch (request.op) {
        case 'show':
          return { access };
        case 'rotate': {
          const change = rotated({ device, request, roster, hostKey: host().key, now: this.#now() });
          if (change) await roster.changeDevice(id, change);
          return {
            access: { ...access, key: request.key },
            after: () => this.#turn.run(() => this.#apply()),
          };
        }
        case 'leave':
          return { access, after: () => this.#turn.run(() => this.#revoke(device, { left: true })) };
        default:
          return request satisfies never;
      }
    });
  }

  /** How people call the device, or the station that hosts. */
  nameOf(id: string): string | undefined {
    const { roster, host } = this.#options;
    return id === host().id ? host().name : roster.device(id)?.name;
  }

  [Symbol.dispose](): void {
    this.waiting[Symbol.dispose]();
  }

  async #revoke(device: Device, change: { left?: true }): Promise<void> {
    const revoked_at = new Date(this.#now()).toISOString();
    await this.#options.roster.changeDevice(device.id, { revoked_at, ...change });
    await this.#apply();
    return this.#options.onRevoked(device);
  }

  #active(id: string): Device {
    const device = this.#options.roster.device(id);
    if (device && device.revoked_at === undefined) return device;
    throw new LatticeError('not_found', `No device ${id} has access to this lattice.`, {
      hint: 'lattice devices lists those that have.',
    });
  }

  #invitation(id: string): Invitation {
    const invitation = this.#options.roster.invitation(id);
    if (!invitation) throw new LatticeError('not_found', `There is no invitation ${id}.`);
    refuseClosed(this.#options.roster.stateOf(invitation));
    return invitation;
  }

  #apply(): Promise<void> {
    return this.#options.apply(this.auth);
  }
}

const ASK = { hint: 'Ask the host for a new link.' };

function refuseClosed(state: ReturnType<Roster['stateOf']>): void {
  switch (state) {
    case 'open':
      return;
    case 'used':
      throw new LatticeError('conflict', 'This link was used already; each lets one device in.', ASK);
    case 'expired':
      throw new LatticeError('timeout', 'This link is too old to be used.', ASK);
    case 'withdrawn':
      throw new LatticeError('auth_failed', 'The host took this link back.', ASK);
    default:
      state satisfies never;
  }
}

function isProven(invitation: Invitation, { proof, ...applicant }: EnrolRequest): boolean {
  try {
    return fromPublic(invitation.key).verify(proofBytes(applicant), Buffer.from(proof, 'base64url'));
  } catch {
    return false;
  }
}
