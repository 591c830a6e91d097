import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Removes all but the newest `keep` rotated logs; servers before 2.10 keep every one. */
export async function pruneLogBackups(logFile: string, keep: number): Promise<void> {
  const folder = dirname(logFile);
  const prefix = `${basename(logFile)}.`;
  const backups = (await readdir(folder).catch(() => []))
    .filter((name) => name.startsWith(prefix) && /^\d{4}(\.\d+){6}$/.test(name.slice(prefix.length)))
    .sort();
  for (const name of backups.slice(0, Math.max(0, backups.length - keep)))
    await rm(join(folder, name), { force: true });
}
