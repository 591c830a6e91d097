import { fromPublic } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';
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
import type { DeviceView, InvitationView } from '../../src-shared/views/device.ts';
import type { HubAuth } from '../hub/hub-options.ts';
import { codeKey, newCode } from './code-key.ts';
import { hubUsers } from './hub-users.ts';
import type { Device, Invitation, Roster } from './roster.ts';

/** Devices that may wait for a yes on one invitation; more than this is not a team that mixes up links. */
const MAX_WAITING = 20;

/** What is known of a device beside the roster. */
export interface DeviceFacts {
  connected: boolean;
  address?: string | undefined;
  last_seen?: string | undefined;
  agents: number;
}

export interface AccessOptions {
  roster: Roster;
  org: string;
  /** How people call the lattice now. */
  lattice(): string;
  /** The station that hosts: its key and its id. */
  host: { key: string; id: string };
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
  now?: () => number;
}

type Waiting = InvitationView['waiting'][number];

/** Who may be on the lattice that this host runs: invites, lets in, changes and takes back, one thing at a time. */
export class Access {
  readonly #options: AccessOptions;
  readonly #now: () => number;
  readonly #waiting = new Map<string, Map<string, Waiting>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The users of the hub as the roster has them now. */
  get auth() {
    const { roster, org, host } = this.#options;
    return hubUsers({ org, hostKey: host.key, devices: roster.devices, invitations: roster.invitations });
  }

  /** Makes a link that lets one device in. @throws LatticeError `unsafe` while the hub is not shared, `busy`. */
  invite(options: InviteOptions): Promise<string> {
    return this.#inTurn(async () => {
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
  async manage(request: ManageInput | ManageRequest): Promise<{ link?: string }> {
    if (request.op === 'invite') return { link: await this.invite(request.options) };
    await this.#inTurn(() => this.#change(request));
    return {};
  }

  async #change(request: Exclude<ManageInput, { op: 'invite' }>): Promise<void> {
    const { roster } = this.#options;
    switch (request.op) {
      case 'withdraw': {
        const { id } = this.#invitation(request.invitation);
        this.#waiting.delete(id);
        return roster.changeInvitation(id, { withdrawn: true });
      }
      case 'decide': {
        const { id, allowed, denied } = this.#invitation(request.invitation);
        const waiting = this.#waiting.get(id);
        if (!waiting?.delete(request.key))
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
      case 'revoke': {
        const device = this.#active(request.device);
        await roster.changeDevice(device.id, { revoked_at: new Date(this.#now()).toISOString() });
        await this.#apply();
        return this.#options.onRevoked(device);
      }
      default:
        request satisfies never;
    }
  }

  /** Answers a device that asks to be let in; of two with one code exactly one is. */
  enrol(request: EnrolRequest): Promise<EnrolAnswer> {
    return this.#inTurn(async (): Promise<EnrolAnswer> => {
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
      grant: { lattice: this.#options.lattice(), org, role, station_id: request.station_id },
    } as const;
    // The answer may have been lost on its way; the same device hears it again.
    if (invitation.used_by === request.key && known?.key === request.key && known.revoked_at === undefined) {
      await this.#apply();
      return { ...granted, grant: { ...granted.grant, role: known.role } };
    }
    refuseClosed(roster.stateOf(invitation));
    if (
      request.station_id === host.id ||
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
    if (invitation.approve && !invitation.allowed.includes(request.key)) return this.#wait(request);
    await roster.admit(invitation, request);
    this.#waiting.delete(invitation.id);
    await this.#apply();
    return granted;
  }

  #wait({ invitation, key, name, version, platform }: EnrolRequest): EnrolAnswer {
    const waiting = this.#waiting.get(invitation) ?? new Map<string, Waiting>();
    if (!waiting.has(key) && waiting.size >= MAX_WAITING)
      throw new LatticeError('busy', 'Too many devices wait for an answer on this link.', ASK);
    const asked_at = waiting.get(key)?.asked_at ?? new Date(this.#now()).toISOString();
    this.#waiting.set(invitation, waiting.set(key, { key, name, version, platform, asked_at }));
    return { kind: 'waiting' };
  }

  /** Every device and invitation, the newest first. */
  async list(): Promise<AccessList> {
    const { roster } = this.#options;
    const facts = await this.#options.facts(roster.devices);
    const devices = roster.devices.map((device): DeviceView => {
      const { connected = false, agents = 0, address, last_seen } = facts.get(device.id) ?? {};
      return {
        ...device,
        connected: connected && device.revoked_at === undefined,
        agents,
        ...(address === undefined ? {} : { address }),
        ...(last_seen === undefined ? {} : { last_seen }),
      };
    });
    const invitations = roster.invitations.map((invitation): InvitationView => {
      const { id, role, created_at, expires_at, approve, used_by } = invitation;
      const state = roster.stateOf(invitation);
      const by = roster.devices.find((device) => device.key === used_by)?.name;
      const waiting = state === 'open' ? [...(this.#waiting.get(id)?.values() ?? [])] : [];
      return {
        id,
        role,
        created_at,
        expires_at,
        approve,
        state,
        waiting,
        ...(by === undefined ? {} : { used_by: by }),
      };
    });
    return { devices: devices.reverse(), invitations: invitations.reverse() };
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

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(action, action);
    this.#turn = turn.catch(() => undefined);
    return turn;
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
