import { isUtf8 } from 'node:buffer';
import { type JsonValue, parseJson } from '../../src-shared/tracker/json.ts';

/** A line of a log that is whole JSON. */
export interface LogLine {
  /** From 1, as editors count. */
  readonly number: number;
  readonly value: JsonValue;
}

/** A line that is no JSON: what a crash or a full disk left of one. */
export interface TornLine {
  readonly number: number;
  /** Whether it is the end of the file, so that a writer may still be at it. */
  readonly last: boolean;
}

/** A log as it stands on the disk. */
export interface LogText {
  readonly lines: readonly LogLine[];
  readonly torn: readonly TornLine[];
  /** Whether the file is empty or its last line has its newline. */
  readonly ended: boolean;
}

const NEWLINE = 0x0a;

/** The rows of a log as they stand, without their newlines. */
export function splitRows(bytes: Uint8Array): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    rows.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return rows;
}

/** Splits a log into whole and torn lines; empty lines count as none. */
export function readLogText(bytes: Uint8Array): LogText {
  const lines: LogLine[] = [];
  const torn: TornLine[] = [];
  const ended = bytes.length === 0 || bytes.at(-1) === NEWLINE;
  const rows = textRows(bytes);
  for (const [index, row] of rows.entries()) {
    if (row !== undefined && row.trim() === '') continue;
    const number = index + 1;
    const value = row === undefined ? undefined : parseRow(row);
    if (value !== undefined) lines.push({ number, value });
    else torn.push({ number, last: !ended && number === rows.length });
  }
  return { lines, torn, ended };
}

/** The rows as text, `undefined` for one that is none. Logs are text as a rule, and decoding one at once is much faster. */
function textRows(bytes: Uint8Array): (string | undefined)[] {
  if (isUtf8(bytes)) {
    const rows = textOf(bytes).split('\n');
    if (rows.at(-1) === '') rows.pop();
    return rows;
  }
  return splitRows(bytes).map((row) => (isUtf8(row) ? textOf(row) : undefined));
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function parseRow(row: string): JsonValue | undefined {
  try {
    return parseJson(row);
  } catch {
    return undefined;
  }
}

/** The bytes of a log that has these lines and no others. */
export function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.of(NEWLINE)]));
}
