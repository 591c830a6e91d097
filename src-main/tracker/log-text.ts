import { isUtf8 } from 'node:buffer';
import { type JsonValue, parseJson } from '../../src-shared/tracker/json.ts';

/** A line of a log that is whole JSON. */
export interface LogLine {
  /** From 1, as editors count. */
  readonly number: number;
  /** As it stands in the file, without the newline. */
  readonly bytes: Uint8Array;
  readonly value: JsonValue;
}

/** A line that is no JSON: what a crash or a full disk left of one. */
export interface TornLine {
  readonly number: number;
  readonly bytes: Uint8Array;
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
  const rows = splitRows(bytes);
  for (const [index, row] of rows.entries()) {
    const parsed = parseLine(row);
    if (parsed === undefined) continue;
    const number = index + 1;
    if (parsed.ok) lines.push({ number, bytes: row, value: parsed.json });
    else torn.push({ number, bytes: row, last: !ended && number === rows.length });
  }
  return { lines, torn, ended };
}

function parseLine(line: Uint8Array): { ok: true; json: JsonValue } | { ok: false } | undefined {
  if (!isUtf8(line)) return { ok: false };
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return { ok: true, json: parseJson(text) };
  } catch {
    return { ok: false };
  }
}

/** The bytes of a log that has these lines and no others. */
export function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.of(NEWLINE)]));
}
