import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { readBoardFile, writeBoardFile } from './board-file.ts';
import { joinLines, type LogText, readLogText, splitRows } from './log-text.ts';

/** What was moved out of a log. */
export interface Quarantined {
  readonly line: number;
  /** Where it is kept, byte for byte. */
  readonly file: string;
}

/**
 * Takes lines out of a log into files of the quarantine folder and then puts the log in place without them. A crash between the two steps
 * leaves both, and doing it again names the same files, so nothing is ever lost or kept twice. The caller holds the log's lock.
 */
export async function quarantineLines(
  folder: string,
  log: string,
  lines: readonly { readonly number: number }[],
): Promise<Quarantined[]> {
  const rows = splitRows(readBoardFile(log) ?? new Uint8Array());
  const moved: Quarantined[] = [];
  for (const { number } of lines) {
    const bytes = rows[number - 1] ?? new Uint8Array();
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const file = join(folder, `${basename(log, '.jsonl')}.${digest}.txt`);
    await writeBoardFile(file, bytes);
    moved.push({ line: number, file });
  }
  const out = new Set(lines.map(({ number }) => number));
  await writeBoardFile(log, joinLines(rows.filter((_, index) => !out.has(index + 1))));
  return moved;
}

/** Takes every torn line out of a log, and gives back the log without them. */
export async function quarantineTorn(
  folder: string,
  log: string,
  text: LogText,
): Promise<{ text: LogText; moved: Quarantined[] }> {
  if (text.torn.length === 0) return { text, moved: [] };
  const moved = await quarantineLines(folder, log, text.torn);
  return { text: readLogText(readBoardFile(log) ?? new Uint8Array()), moved };
}
