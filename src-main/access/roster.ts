import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { present } from '../../src-shared/present.ts';
import { type Applicant, publicKeySchema } from '../../src-shared/protocol/enrol.ts';
import { roleSchema } from '../../src-shared/protocol/roles.ts';
import { tokenSchema } from '../../src-shared/protocol/token.ts';

const deviceSchema = z.object({
  id: tokenSchema,
  key: publicKeySchema,
  /** Keys it had before, each good for what was signed until then. */
  former_keys: z.array(z.object({ key: publicKeySchema, until: z.iso.datetime() })).default([]),
  name: z.string().min(1).max(200),
  role: roleSchema,
  version: z.string(),
  platform: z.string(),
  joined_at: z.iso.datetime(),
  revoked_at: z.iso.datetime().optional(),
  /** It gave its access back itself. */
  left: z.boolean().optional(),
  last_seen: z.iso.datetime().optional(),
  /** The invitation it came in by, when that was made and by whom. */
  invited: z
    .object({ invitation: tokenSchema, at: z.iso.datetime(), by: z.string().max(200).optional() })
    .optional(),
});
export type Device = z.infer<typeof deviceSchema>;

const invitationSchema = z.object({
  id: tokenSchema,
  /** The public half of the key that its code stands for. */
  key: publicKeySchema,
  role: roleSchema,
  approve: z.boolean(),
  /** Who made it, as people call the machine. */
  by: z.string().min(1).max(200).optional(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  withdrawn: z.boolean(),
  used_by: publicKeySchema.optional(),
  /** Keys to which the host said yes or no. */
  allowed: z.array(publicKeySchema),
  denied: z.array(publicKeySchema),
});
export type Invitation = z.infer<typeof invitationSchema>;

const rosterSchema = z.object({
  version: z.literal(1),
  devices: z.array(deviceSchema),
  invitations: z.array(invitationSchema),
});

/** A link that is over is known for this long, so that who opens it hears why; in milliseconds. */
const KEPT_MS = 86_400_000;
const MAX_INVITATIONS = 100;

/** Who may be on the lattice of this host, and who is invited: public keys only, in a file for its owner alone. */
export class Roster {
  /** Tells that devices or invitations are others now, after they are on the disk. */
  readonly changed = new Emitter<void>();
  readonly #file: string;
  readonly #now: () => number;
  #devices: Device[];
  #invitations: Invitation[];

  private constructor(file: string, now: () => number, roster: z.infer<typeof rosterSchema>) {
    this.#file = file;
    this.#now = now;
    this.#devices = roster.devices;
    this.#invitations = roster.invitations;
  }

  /** Reads the roster. @throws LatticeError `io_failed` for a damaged file: an empty one would lock everybody out. */
  static async open(file: string, now: () => number = Date.now): Promise<Roster> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return new Roster(file, now, { version: 1, devices: [], invitations: [] });
      throw unreadable(file, error);
    }
    try {
      return new Roster(file, now, rosterSchema.parse(JSON.parse(text)));
    } catch (error) {
      throw unreadable(file, error);
    }
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  get invitations(): readonly Invitation[] {
    return this.#invitations;
  }

  device(id: string): Device | undefined {
    return this.#devices.find((device) => device.id === id);
  }

  invitation(id: string): Invitation | undefined {
    return this.#invitations.find((invitation) => invitation.id === id);
  }

  stateOf(invitation: Invitation): 'open' | 'used' | 'expired' | 'withdrawn' {
    if (invitation.used_by !== undefined) return 'used';
    if (invitation.withdrawn) return 'withdrawn';
    return Date.parse(invitation.expires_at) <= this.#now() ? 'expired' : 'open';
  }

  /** Adds an invitation. @throws LatticeError `busy` when too many are open. */
  async invite(invitation: Invitation): Promise<void> {
    const kept = this.#invitations.filter((one) => Date.parse(one.expires_at) + KEPT_MS > this.#now());
    if (kept.length >= MAX_INVITATIONS)
      throw new LatticeError('busy', `There are ${kept.length} invitations of the last day already.`, {
        hint: 'Wait until some of them are older, or withdraw links that nobody needs.',
      });
    await this.#keep(this.#devices, [...kept, invitation]);
  }

  async changeInvitation(id: string, change: Partial<Invitation>): Promise<void> {
    const invitations = this.#invitations.map((one) => (one.id === id ? { ...one, ...change } : one));
    await this.#keep(this.#devices, invitations);
  }

  /** Lets a device in with the invitation it used up; both are kept together or not at all. */
  async admit(invitation: Invitation, applicant: Applicant): Promise<Device> {
    const { key, station_id: id, name, version, platform } = applicant;
    const { role, by } = invitation;
    const joined_at = new Date(this.#now()).toISOString();
    const invited = { invitation: invitation.id, at: invitation.created_at, ...present({ by }) };
    const device = { id, key, former_keys: [], name, role, version, platform, joined_at, invited };
    await this.#keep(
      [...this.#devices.filter((one) => one.id !== id), device],
      this.#invitations.map((one) => (one.id === invitation.id ? { ...one, used_by: key } : one)),
    );
    return device;
  }

  async changeDevice(id: string, change: Partial<Device>): Promise<void> {
    const devices = this.#devices.map((one) => (one.id === id ? { ...one, ...change } : one));
    await this.#keep(devices, this.#invitations);
  }

  /** What is not on the disk does not count, so that a full disk never lets somebody in for a while. */
  async #keep(devices: Device[], invitations: Invitation[]): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.#file, JSON.stringify({ version: 1, devices, invitations }), {
        mode: 0o600,
      });
    } catch (error) {
      throw new LatticeError('io_failed', `Who has access could not be written to ${this.#file}.`, {
        hint: 'Make room on the disk or correct the permissions; nothing was changed.',
        cause: error,
      });
    }
    this.#devices = devices;
    this.#invitations = invitations;
    this.changed.emit();
  }
}

function unreadable(file: string, cause: unknown): LatticeError {
  return new LatticeError('io_failed', `Who has access cannot be read from ${file}.`, {
    hint: 'Restore the file, or move it away to start without devices; then everybody joins again.',
    cause,
  });
}
