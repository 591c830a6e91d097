import { type ErrorCode, LatticeError } from '../errors.ts';

/** Why a board refuses; the codes of the foreign program. */
export type RefusalCode =
  | 'VALIDATION_ERROR'
  | 'INVALID_ID'
  | 'INVALID_ACTOR'
  | 'INVALID_ROLE'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'INVALID_TRANSITION'
  | 'REVIEW_CYCLE_LIMIT'
  | 'COMPLETION_BLOCKED'
  | 'PLAN_REQUIRED'
  | 'ALREADY_CLAIMED'
  | 'RESOURCE_HELD'
  | 'NOT_HELD'
  | 'EXPIRED'
  | 'TASK_ERASED';

/** A refused operation: the code for scripts, the message and the hint for people. Nothing was changed. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly message: string;
  readonly hint?: string;
  /** Further keys that stand beside code and message in `--json` output. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Whether something may be done, known before it is done. */
export type Verdict = { readonly ok: true; readonly warnings: readonly string[] } | Refusal;

/** A refusal. */
export function refuse(
  code: RefusalCode,
  message: string,
  more: { readonly hint?: string; readonly details?: Readonly<Record<string, unknown>> } = {},
): Refusal {
  return { ok: false, code, message, ...more };
}

const ERROR_CODES: Readonly<Record<RefusalCode, ErrorCode>> = {
  VALIDATION_ERROR: 'invalid_input',
  INVALID_ID: 'invalid_input',
  INVALID_ACTOR: 'invalid_input',
  INVALID_ROLE: 'invalid_input',
  NOT_FOUND: 'not_found',
  CONFLICT: 'conflict',
  INVALID_TRANSITION: 'conflict',
  REVIEW_CYCLE_LIMIT: 'conflict',
  COMPLETION_BLOCKED: 'conflict',
  PLAN_REQUIRED: 'conflict',
  ALREADY_CLAIMED: 'conflict',
  RESOURCE_HELD: 'busy',
  NOT_HELD: 'conflict',
  EXPIRED: 'conflict',
  TASK_ERASED: 'conflict',
};

/** A refusal as the error that crosses boundaries; `details.board_code` keeps the board's own code. */
export function refusalError(refusal: Refusal): LatticeError {
  return new LatticeError(ERROR_CODES[refusal.code], refusal.message, {
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    details: { board_code: refusal.code, ...refusal.details },
  });
}
