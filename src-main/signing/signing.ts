import { hash } from 'node:crypto';
import type { MsgHdrs, NatsConnection } from '@nats-io/nats-core';
import { Emitter } from '../../src-shared/emitter.ts';
import { type Member, type Standing, standingAt, standingNow } from '../../src-shared/protocol/members.ts';
import {
  type Envelope,
  envelopeLines,
  readEnvelope,
  SIGNER_HEADER,
  type SignedFields,
  type SignedKind,
  signedBytes,
} from '../../src-shared/protocol/signed.ts';
import { Members } from './members.ts';
import { isSignedBy, type SigningKey } from './signing-key.ts';

/** How far the clock of a caller may be from ours, in milliseconds. */
const CALL_WINDOW_MS = 120_000;
/** How far the time of a signature may be from the time the hub logged the message, in milliseconds. */
const LOG_WINDOW_MS = 600_000;
/** Messages of our own that are recognised without a check, twice as many at most. */
const MAX_OWN = 2_000;
const MAX_TOLD = 2_000;
/** How long the first message of a new member waits for the list, in milliseconds. */
const MEET_MS = 2_000;
const MAX_MEETING = 100;

/** Why a message does not count. */
export type Flaw = 'unsigned' | 'malformed' | 'not_member' | 'altered' | 'expired';

/** Who signed a message, or why it does not count, in words that follow a colon. */
export type Verdict =
  | { ok: true; sender: Standing['sender'] }
  | { ok: false; flaw: Flaw; why: string; signer?: string };

/** A message that was refused, for whoever shows it. */
export interface Refused {
  what: string;
  from: string | undefined;
  why: string;
}

/** What a message is about, as its signature covers it. */
export interface Signed {
  kind: SignedKind;
  subject: string;
  id: string;
  attempt?: number;
  buildsOn?: number;
}

/** A message as it came. */
export interface SignedMessage extends Signed {
  data: Uint8Array;
  headers: MsgHdrs | undefined;
  /** When the hub logged it; absent for a message that comes from its sender right now. */
  loggedAt?: Date;
}

export interface SigningOptions {
  nc: NatsConnection;
  org: string;
  /** The device whose key it is; the list of members knows better where a command uses the key of a station. */
  id: string;
  /** Absent for who connects without a key, and so signs nothing. */
  key: SigningKey | undefined;
  hostKey?: string | undefined;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Signs what this node says and checks what others say, on a hub that asks everybody for a key; idle elsewhere. */
export class Signing implements AsyncDisposable {
  /** Messages that did not count, each told once. */
  readonly refused = new Emitter<Refused>();
  readonly #options: SigningOptions;
  readonly #members: Members;
  readonly #now: () => number;
  readonly #told = new Set<string>();
  #own = new Map<string, Uint8Array>();
  #ownBefore = new Map<string, Uint8Array>();

  private constructor(options: SigningOptions, members: Members) {
    this.#options = options;
    this.#members = members;
    this.#now = options.now ?? Date.now;
  }

  /** Reads who is a member. @throws LatticeError `not_connected`. */
  static async open(options: SigningOptions): Promise<Signing> {
    const { nc, org, hostKey } = options;
    return new Signing(options, await Members.open({ nc, org, hostKey }));
  }

  /** Whether messages on this lattice have to be signed now. */
  get isOn(): boolean {
    return this.#members.signedSince !== undefined;
  }

  /** Whether the hub logged a message before anybody signed. */
  isBefore(loggedAt: Date): boolean {
    return loggedAt.getTime() < (this.#members.signedSince ?? Number.POSITIVE_INFINITY);
  }

  /** The header lines that sign a message; empty where nobody signs. */
  lines(message: Signed, payload: Uint8Array): string {
    const { key, id } = this.#options;
    if (!key || !this.isOn) return '';
    const signer = this.#members.idOf(key.publicKey) ?? id;
    const time = new Date(this.#now()).toISOString();
    const bytes = signedBytes(fieldsOf(message, payload, signer, time));
    const signature = key.sign(bytes);
    this.#remember(signature, bytes);
    return envelopeLines({ signer, time, signature });
  }

  /** Fires for each member that the list tells anew. */
  get membersChanged(): Emitter<Member> {
    return this.#members.changed;
  }

  /**
   * Waits until the signer of a message is a member, since the list may come a moment after the first message of a new
   * one. Undefined when there is nothing to wait for; resolves after two seconds at most.
   */
  meet(headers: MsgHdrs | undefined): Promise<void> | undefined {
    if (!this.isOn || this.#members.get(headers?.last(SIGNER_HEADER) ?? '')) return undefined;
    const envelope = readEnvelope((name) => headers?.last(name));
    if (typeof envelope === 'string') return undefined;
    if (this.membersChanged.size >= MAX_MEETING) return undefined;
    return new Promise((resolve) => {
      const met = () => {
        clearTimeout(timer);
        listening[Symbol.dispose]();
        resolve();
      };
      const timer = setTimeout(met, MEET_MS);
      timer.unref();
      const listening = this.membersChanged.on(({ id }) => {
        if (id === envelope.signer) met();
      });
    });
  }

  /** Who sent a message; call it only while messages have to be signed. */
  check(message: SignedMessage): Verdict {
    const { headers, data, loggedAt } = message;
    const envelope = readEnvelope((name) => headers?.last(name));
    if (envelope === 'unsigned') return flaw('unsigned', 'it is not signed');
    if (envelope === 'malformed') return flaw('malformed', 'its signature cannot be read');
    const { signer, time } = envelope;
    const member = this.#members.get(signer);
    const standing =
      member && (loggedAt ? standingAt(member, loggedAt.getTime()) : standingNow(member, this.#now()));
    if (!standing) return flaw('not_member', 'who signed it is no member of this lattice', signer);
    if (!this.#isGenuine(signedBytes(fieldsOf(message, data, signer, time)), envelope, standing.keys))
      return flaw(
        'altered',
        'its signature does not fit: it was altered, or signed with another key',
        signer,
      );
    const late = (loggedAt?.getTime() ?? this.#now()) - Date.parse(time);
    if (Math.abs(late) > (loggedAt ? LOG_WINDOW_MS : CALL_WINDOW_MS))
      return flaw('expired', expiredWords(late), signer);
    return { ok: true, sender: standing.sender };
  }

  /** Tells that a message does not count; `key` names the message, which is told once. */
  refuse(refused: Refused, key?: string): void {
    if (this.#isOut) return;
    if (key !== undefined) {
      if (this.#told.has(key)) return;
      if (this.#told.size >= MAX_TOLD) this.#told.clear();
      this.#told.add(key);
    }
    this.refused.emit(refused);
  }

  /** Whether our own access was taken back; then nothing that we hear is worth telling. */
  get #isOut(): boolean {
    const own = this.#options.key && this.#members.idOf(this.#options.key.publicKey);
    return own !== undefined && this.#members.get(own)?.revoked_at !== undefined;
  }

  /** A message of our own is compared, which costs less than a check of its signature. */
  #isGenuine(bytes: Uint8Array, { signature }: Envelope, keys: readonly string[]): boolean {
    const own = this.#own.get(signature) ?? this.#ownBefore.get(signature);
    const ownKey = this.#options.key?.publicKey;
    if (own && ownKey && keys.includes(ownKey) && Buffer.compare(own, bytes) === 0) return true;
    return keys.some((key) => isSignedBy(key, bytes, signature));
  }

  #remember(signature: string, bytes: Uint8Array): void {
    if (this.#own.size >= MAX_OWN) {
      this.#ownBefore = this.#own;
      this.#own = new Map();
    }
    this.#own.set(signature, bytes);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#members[Symbol.asyncDispose]();
  }
}

function fieldsOf(message: Signed, data: Uint8Array, signer: string, time: string): SignedFields {
  const { kind, subject, id, attempt = 0, buildsOn = 0 } = message;
  return { kind, subject, id, attempt, buildsOn, signer, time, digest: hash('sha256', data, 'buffer') };
}

function flaw(kind: Flaw, why: string, signer?: string): Verdict {
  return { ok: false, flaw: kind, why, ...(signer === undefined ? {} : { signer }) };
}

function expiredWords(lateMs: number): string {
  const seconds = Math.round(Math.abs(lateMs) / 1_000);
  const apart = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  const side = lateMs > 0 ? 'ago' : 'in the future';
  return `it expired: it was signed ${apart} ${side} by our clock; the clocks of both machines have to agree`;
}
