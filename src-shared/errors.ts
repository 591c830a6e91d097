import { z } from 'zod';

/** Every way a call can fail; stable on the wire, in `--json` output and over IPC. */
export const errorCodeSchema = z.enum([
  'invalid_input',
  'not_found',
  'conflict',
  'busy',
  'no_candidate',
  'not_connected',
  'auth_failed',
  'not_allowed',
  'timeout',
  'cancelled',
  'station_lost',
  'agent_failed',
  'runner_unavailable',
  'too_large',
  'port_taken',
  'hub_failed',
  'unsafe',
  'unsupported',
  'io_failed',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** An error as it crosses a boundary: a code for programs, a message and a hint for people. */
export const errorShapeSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorShape = z.infer<typeof errorShapeSchema>;

export interface LatticeErrorOptions {
  hint?: string;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error class: `code` for programs, `message` and `hint` that a person can act on, `cause` below it. */
export class LatticeError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: LatticeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LatticeError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  /** The shape that crosses a boundary; `cause` stays behind. */
  toShape(): ErrorShape {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /** Makes an error again from a shape that crossed a boundary. */
  static fromShape(shape: ErrorShape): LatticeError {
    return new LatticeError(shape.code, shape.message, {
      ...(shape.hint === undefined ? {} : { hint: shape.hint }),
      ...(shape.details === undefined ? {} : { details: shape.details }),
    });
  }

  /** Any thrown value as a LatticeError; what is not one becomes `internal` with the value as its cause. */
  static from(thrown: unknown, code: ErrorCode = 'internal'): LatticeError {
    if (thrown instanceof LatticeError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new LatticeError(code, message, { cause: thrown });
  }
}

/** Makes the compiler prove that a union is handled whole. */
export function assertNever(value: never): never {
  throw new LatticeError('internal', `Unhandled case: ${JSON.stringify(value)}`);
}
