import { INVOKE_TIMEOUT_MS } from '../../../../src-shared/protocol/invoke.ts';

const PLAIN = /^[A-Za-z0-9_/:=.,@%+-]+$/;

/** A text as one word of a POSIX shell; NUL, which no argument can hold, is left out. */
export function shellQuote(text: string): string {
  const word = text.replaceAll('\0', '');
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A value as `--context` reads it: JSON, or a text that is not JSON as it stands. */
export function contextText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

/** Milliseconds as the command line takes them: `5m`, `90s`, `1500ms`. */
export function timeoutText(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** A run as the command line gives it; the limit in milliseconds. */
export interface ExecRequest {
  agent: string;
  task: string;
  context: Readonly<Record<string, unknown>>;
  station?: string | undefined;
  timeoutMs: number;
}

/** The command that does the same in a terminal. */
export function execCommand({ agent, task, context, station, timeoutMs }: ExecRequest): string {
  const options = [
    ...Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${contextText(value)}`]),
    ...(station === undefined ? [] : ['--station', station]),
    ...(timeoutMs === INVOKE_TIMEOUT_MS ? [] : ['--timeout', timeoutText(timeoutMs)]),
  ];
  // After -- a task may begin with a dash.
  const words = task.startsWith('-') ? ['--', agent, task] : [agent, task];
  return ['lattice', 'agent', 'exec', ...options, ...words].map(shellQuote).join(' ');
}
