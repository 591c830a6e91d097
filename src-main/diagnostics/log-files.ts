import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DiagnosticsFile } from './collect.ts';

/** The end of each log that is taken, and the most of all together, in bytes. */
const PER_FILE = 2 * 1024 * 1024;
const ALL_FILES = 8 * 1024 * 1024;
const NAME = /^(lattice-[\d-]+|hub|crash[\w-]*)\.log(\.[\w.-]+)?$/;

/** The ends of the newest logs in these folders. */
export async function logFiles(folders: readonly string[]): Promise<DiagnosticsFile[]> {
  const found = (await Promise.all(folders.map(logsIn))).flat().sort((a, b) => b.changed - a.changed);
  const taken: DiagnosticsFile[] = [];
  const names = new Set<string>();
  let left = ALL_FILES;
  for (const { file } of found) {
    const text = await endOf(file, Math.min(PER_FILE, left));
    left -= Buffer.byteLength(text);
    if (text !== '') taken.push({ name: freeName(basename(file), names), what: 'The end of a log.', text });
    if (left <= 0) break;
  }
  return taken;
}

function freeName(name: string, names: Set<string>): string {
  let free = `logs/${name}`;
  for (let count = 2; names.has(free); count += 1) free = `logs/${count}-${name}`;
  names.add(free);
  return free;
}

async function logsIn(folder: string): Promise<{ file: string; changed: number }[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name));
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const changed = await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { file, changed };
    }),
  );
}

/** The last whole lines of a file within `most` bytes; nothing when it cannot be read. */
async function endOf(file: string, most: number): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const start = Math.max(0, size - most);
      const buffer = Buffer.alloc(Math.min(size, most));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
      const text = buffer.subarray(0, bytesRead).toString('utf8');
      return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
    } finally {
      await handle.close();
    }
  } catch {
    return '';
  }
}
