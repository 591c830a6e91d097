import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Deeper than any chain of real processes. */
const MAX_DEPTH = 64;

/**
 * Whether `ancestor` started `pid`, directly or through others that still run; true as well when `pid` does not run,
 * because then nobody can tell. Windows does not say reliably who started a process, so it is never true there.
 */
export async function isDescendant(pid: number, ancestor: number): Promise<boolean> {
  if (process.platform === 'win32') return false;
  let current = pid;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (current === ancestor) return true;
    const parent = await parentOf(current);
    if (parent === undefined) return depth === 0;
    if (parent <= 1) return false;
    current = parent;
  }
  return true;
}

async function parentOf(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') {
      return parentIn(await readFile(`/proc/${pid}/stat`, 'utf8'));
    }
    const { stdout } = await run('ps', ['-o', 'ppid=', '-p', String(pid)], { timeout: 5_000 });
    return Number(stdout.trim());
  } catch {
    return undefined;
  }
}

/** All that a process started and that runs now, directly or through others, in no order; only Linux tells. */
export function descendantsOf(ancestor: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of runningPids()) {
    try {
      // The kernel answers from memory; hundreds of waits would take far longer than the reads.
      const parent = parentIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    } catch {
      // It ended in between.
    }
  }
  const found = [...(children.get(ancestor) ?? [])];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function runningPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The parent in what the kernel says of a process. */
function parentIn(stat: string): number {
  // The name in brackets may hold spaces and brackets, so the fields count from the last bracket.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
