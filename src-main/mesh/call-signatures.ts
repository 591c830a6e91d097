import type { Msg } from '@nats-io/nats-core';
import type { ErrorShape } from '../../src-shared/errors.ts';
import type {
  InvokeCancel,
  InvokeOutcome,
  InvokeReport,
  InvokeRequest,
} from '../../src-shared/protocol/invoke.ts';
import { mayAct } from '../../src-shared/protocol/roles.ts';
import { type Sender, unproven } from '../../src-shared/protocol/sender.ts';
import type { Signing, Verdict } from '../signing/signing.ts';
import { REMEMBERED_MS, ReplayGuard } from './replay-guard.ts';

/** Who calls, or why the call is refused. */
export type Caller = { ok: true; sender: Sender } | { ok: false; error: ErrorShape };

/** Judges the calls that reach a station: signed by a member that may call, lately, and each once. */
export class CallSignatures {
  readonly #signing: Signing | undefined;
  readonly #guard = new ReplayGuard();

  constructor(signing: Signing | undefined) {
    this.#signing = signing;
  }

  /** Who makes a call; on a hub that asks for no key, whoever it says. */
  caller(message: Msg, request: InvokeRequest): Caller {
    const signing = this.#signing;
    const { invocation_id: id } = request;
    if (!signing?.isOn) {
      const sender = unproven(request.caller);
      if (!request.resend) this.#guard.isNew(id, sender.name);
      return { ok: true, sender };
    }
    const { subject, data, headers } = message;
    const verdict = signing.check({ kind: 'invoke', subject, id, data, headers });
    if (!verdict.ok) return this.#refuse(verdict.signer, verdict.why, verdict.flaw);
    const { sender } = verdict;
    if (!mayAct(sender.role))
      return this.#refuse(sender.id, `the role ${sender.role} may not run agents`, 'role');
    if (request.resend) {
      const first = this.#guard.signerOf(id);
      return first === undefined || first === sender.id
        ? verdict
        : this.#refuse(sender.id, 'another device made this call', 'replayed');
    }
    if (!this.#guard.isNew(id, sender.id))
      return this.#refuse(sender.id, 'it is a replay: this call was made before', 'replayed');
    return verdict;
  }

  /**
   * Whether a request that comes again is the first that arrived: it was sent to this very process, and not so long ago
   * that an earlier one could be forgotten. True only once for a call.
   */
  isFirst({ invocation_id, resend }: InvokeRequest, sender: Sender, started: string): boolean {
    if (resend?.station_start !== started || resend.age_ms > REMEMBERED_MS) return false;
    return this.#guard.isNew(invocation_id, sender.id ?? sender.name);
  }

  /** Waits for a caller that the list of members does not have yet; undefined when there is nothing to wait for. */
  meet({ headers }: Msg): Promise<void> | undefined {
    return this.#signing?.meet(headers);
  }

  /** Whether a cancel comes from who made the call. */
  mayCancel(message: Msg, { invocation_id: id }: InvokeCancel): boolean {
    const signing = this.#signing;
    if (!signing?.isOn) return true;
    const { subject, data, headers } = message;
    const verdict = signing.check({ kind: 'cancel', subject, id, data, headers });
    const why = !verdict.ok
      ? verdict.why
      : verdict.sender.id === this.#guard.signerOf(id)
        ? undefined
        : 'only who made the call may cancel it';
    if (why !== undefined) signing.refuse({ what: 'a cancel', from: signerOf(verdict), why });
    return why === undefined;
  }

  #refuse(from: string | undefined, why: string, flaw: string): Caller {
    this.#signing?.refuse({ what: 'a call', from, why });
    const message = `The station refused the call: ${why}.`;
    const hint = HINTS[flaw] ?? 'Connect to the lattice again, then repeat the call.';
    return { ok: false, error: { code: 'auth_failed', message, hint, details: { refused: flaw } } };
  }
}

const HINTS: Readonly<Record<string, string>> = {
  role: 'Ask the host for another role.',
  expired: 'Set the clock of this machine, then repeat the call.',
  replayed: 'Make the call again; each call is a new one.',
};

function signerOf(verdict: Verdict): string | undefined {
  return verdict.ok ? verdict.sender.id : verdict.signer;
}

/**
 * Why an answer does not count: it has to be signed by the station that was called, for this call and this number.
 * Undefined when it counts.
 */
export function flawOfAnswer(
  signing: Signing | undefined,
  message: Msg,
  call: { id: string; stationId: string },
  answer: InvokeReport | InvokeOutcome,
): string | undefined {
  if (!signing?.isOn) return undefined;
  const { subject, data, headers } = message;
  const about = answer.kind === 'report' ? { buildsOn: answer.seq } : {};
  const verdict = signing.check({ kind: answer.kind, subject, id: call.id, data, headers, ...about });
  const why = wrongAnswer(verdict, call, answer);
  if (why !== undefined)
    signing.refuse({ what: 'an answer', from: signerOf(verdict) ?? call.stationId, why });
  return why;
}

function wrongAnswer(
  verdict: Verdict,
  call: { id: string; stationId: string },
  answer: InvokeReport | InvokeOutcome,
): string | undefined {
  if (!verdict.ok) return verdict.why;
  if (verdict.sender.id !== call.stationId)
    return 'another device signed it than the station that was called';
  return answer.kind === 'outcome' && answer.invocation_id !== call.id ? 'it is of another call' : undefined;
}
