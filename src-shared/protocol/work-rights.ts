import { assertNever } from '../errors.ts';
import { mayAct, mayOffer, type Role } from './roles.ts';
import { isHeld, openQuestion, type WorkRecord } from './work.ts';
import type { WorkChange } from './work-change.ts';

/** Why a device may not make a change to a work as it stands, in plain words; undefined when it may. */
export function wrongfulChange(
  signer: { id: string; role: Role },
  before: WorkRecord | undefined,
  change: WorkChange,
): string | undefined {
  if (!mayAct(signer.role)) return `the role ${signer.role} may not change work`;
  const held = before !== undefined && isHeld(before);
  const isHolder = held && before.station_id === signer.id;
  const onlyStations = mayOffer(signer.role) ? undefined : `the role ${signer.role} may not judge work`;
  switch (change.type) {
    case 'assigned':
    case 'answered':
    case 'acknowledged':
    case 'cancel_requested':
      return undefined;
    case 'accepted':
      if (change.station_id !== signer.id) return 'it takes an attempt for another station';
      return onlyStations;
    case 'completed':
    case 'failed':
      return isHolder ? undefined : 'another station runs this attempt';
    case 'escalated': {
      const isSame = before !== undefined && openQuestion(before)?.id === questionOf(change);
      return questionOf(change) === undefined || isSame || isHolder
        ? onlyStations
        : 'another station runs this attempt';
    }
    case 'cancelled':
      if (!held || isHolder) return undefined;
      return before.cancel ? onlyStations : 'another station runs this attempt';
    case 'requeued':
      return held ? onlyStations : undefined;
    case 'expired':
    case 'unplaceable':
      return onlyStations;
    default:
      return assertNever(change);
  }
}

function questionOf(change: Extract<WorkChange, { type: 'escalated' }>): string | undefined {
  return change.cause.kind === 'question' ? change.cause.question.id : undefined;
}
