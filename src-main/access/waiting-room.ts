import { LatticeError } from '../../src-shared/errors.ts';
import { LiveMap } from '../../src-shared/live.ts';
import type { EnrolRequest } from '../../src-shared/protocol/enrol.ts';
import type { Role } from '../../src-shared/protocol/roles.ts';
import type { WaitingDevice } from '../../src-shared/views/device.ts';
import { keyWords } from './key-words.ts';

/** Devices that may wait for a yes on one invitation; more than this is not a team that mixes up links. */
const MAX_WAITING = 20;
/** A device that waits asks each second; who was not heard for this long has gone, in milliseconds. */
const GONE_MS = 15_000;
const LOOK_MS = 1_000;

/** The devices that ask to be let in and wait for a person to say yes. */
export class WaitingRoom implements Disposable {
  readonly devices = new LiveMap<WaitingDevice>((device) => device.id);
  readonly #heard = new Map<string, number>();
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** The devices that wait on one invitation. */
  of(invitation: string): WaitingDevice[] {
    return this.devices.snapshot().filter((device) => device.invitation === invitation);
  }

  /** Takes note that a device asks. @throws LatticeError `busy` when too many wait on this invitation. */
  ask({ invitation, key, name, version, platform }: EnrolRequest, role: Role, address?: string): void {
    const id = idOf(invitation, key);
    if (!this.devices.get(id)) {
      if (this.of(invitation).length >= MAX_WAITING)
        throw new LatticeError('busy', 'Too many devices wait for an answer on this link.', {
          hint: 'Ask the host for a new link.',
        });
      this.devices.set({
        id,
        invitation,
        key,
        fingerprint: keyWords(key),
        name,
        version,
        platform,
        role,
        asked_at: new Date(this.#now()).toISOString(),
        ...(address === undefined ? {} : { address }),
      });
    }
    this.#heard.set(id, this.#now());
    this.#timer ??= setInterval(() => this.forgetGone(), LOOK_MS).unref();
  }

  /** Takes one device out; false when it does not wait. */
  take(invitation: string, key: string): boolean {
    const id = idOf(invitation, key);
    if (!this.devices.get(id)) return false;
    this.#drop([id]);
    return true;
  }

  /** Nobody waits on this invitation any more. */
  close(invitation: string): void {
    this.#drop(this.of(invitation).map(({ id }) => id));
  }

  /** Takes out who stopped asking. */
  forgetGone(): void {
    const limit = this.#now() - GONE_MS;
    this.#drop([...this.#heard].filter(([, heard]) => heard < limit).map(([id]) => id));
  }

  [Symbol.dispose](): void {
    this.#drop([...this.#heard.keys()]);
  }

  #drop(ids: readonly string[]): void {
    if (ids.length > 0) this.devices.apply([], ids);
    for (const id of ids) this.#heard.delete(id);
    if (this.#heard.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const idOf = (invitation: string, key: string) => `${invitation}.${key}`;
