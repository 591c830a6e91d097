import { LatticeError } from '../src-shared/errors.ts';
import { serialiseDocument } from '../src-shared/tracker/serialise.ts';
import { EXIT_FAILED } from './output.ts';
import { safeText } from './safe-text.ts';

/** What a board command has of the world; tests bring their own. */
export interface BoardHost {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
  out(text: string): void;
  err(text: string): void;
  /** Sets the exit code of the command. */
  exit(code: number): void;
}

/** The world of the real command. */
export function processHost(): BoardHost {
  return {
    cwd: process.cwd(),
    env: process.env,
    now: () => new Date(),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    exit: (code) => {
      process.exitCode = code;
    },
  };
}

/** What a command says: `data` in the envelope under `--json`, `human` otherwise. */
export interface BoardAnswer {
  readonly data: unknown;
  readonly human: string;
  /** Further keys beside `data`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly warnings?: readonly string[];
  /** The one line that `--quiet` leaves. */
  readonly quiet?: string;
  readonly failed?: boolean;
}

/** How a command is to answer. */
export interface AnswerOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Prints an answer the way scripts for lattice-tracker expect it: an envelope with sorted keys and a blank line at the end. */
export function printAnswer(host: BoardHost, options: AnswerOptions, answer: BoardAnswer): void {
  const warnings = answer.warnings ?? [];
  if (options.json === true) {
    const extra = { ...answer.extra, ...(warnings.length > 0 && { warnings }) };
    host.out(`${serialiseDocument({ ...extra, data: answer.data, ok: true })}\n`);
  } else {
    const text = options.quiet === true ? (answer.quiet ?? '') : answer.human;
    if (text !== '') host.out(`${safeText(text)}\n`);
    for (const warning of warnings) host.err(`${safeText(`warning ${warning}`)}\n`);
  }
  if (answer.failed === true) host.exit(EXIT_FAILED);
}

/** Prints why a command failed, with the board's own code under `--json`. */
export function printFailure(host: BoardHost, options: AnswerOptions, thrown: unknown): void {
  const error = LatticeError.from(thrown);
  const { board_code: _, ...details } = error.details ?? {};
  if (options.json === true) {
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    const body = { ...details, ...hint, code: boardCode(error), message: error.message };
    host.out(`${serialiseDocument({ error: body, ok: false })}\n`);
  } else {
    host.err(safeText(`error ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`));
  }
  host.exit(EXIT_FAILED);
}

/** The code of a failure in the words of lattice-tracker. */
export function boardCode(error: LatticeError): string {
  const own = error.details?.board_code;
  if (typeof own === 'string') return own;
  switch (error.code) {
    case 'invalid_input':
      return 'VALIDATION_ERROR';
    case 'busy':
      return 'TIMEOUT';
    default:
      return error.code.toUpperCase();
  }
}
