import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { safeEnvironment } from '../command-environment.ts';
import type { RunLimits } from '../runner.ts';

const run = promisify(execFile);
const CHECK_MS = 500;

/** What the processes of a run use together. */
interface Use {
  processes: number;
  memoryMb: number;
}

export interface LimitsWatchOptions {
  /** The first process of the run, which leads its group. */
  pid: number;
  limits: Pick<RunLimits, 'memoryMb' | 'processes'>;
  /** A limit was passed; said once, in words. */
  onExceeded(reason: string): void;
  /** The use cannot be read here; said once, in words. */
  onBlind(reason: string): void;
}

/** Looks at what the processes of a run use, twice a second, while a limit is set. */
export function watchLimits(options: LimitsWatchOptions): Disposable {
  const { memoryMb, processes } = options.limits;
  let isOver = memoryMb === undefined && processes === undefined;
  let timer: NodeJS.Timeout | undefined;
  const check = async () => {
    try {
      const use = await measure(options.pid);
      if (isOver) return;
      if (memoryMb !== undefined && use.memoryMb > memoryMb)
        return tell(`It used ${Math.ceil(use.memoryMb)} MB of memory; its limit is ${memoryMb} MB.`);
      if (processes !== undefined && use.processes > processes)
        return tell(`It ran ${use.processes} processes at once; its limit is ${processes}.`);
      timer = setTimeout(() => void check(), CHECK_MS);
    } catch {
      if (!isOver) options.onBlind('Limits of memory and processes cannot be held on this machine.');
      isOver = true;
    }
  };
  const tell = (reason: string) => {
    isOver = true;
    options.onExceeded(reason);
  };
  if (!isOver) void check();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** All processes that descend from `pid` or are in its group. @throws when the platform does not tell. */
async function measure(pid: number): Promise<Use> {
  const all = process.platform === 'linux' ? await linuxProcesses() : await psProcesses();
  const children = new Map<number, Process[]>();
  for (const each of all) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
  const mine = new Set(all.filter((each) => each.pid === pid || each.group === pid));
  for (const each of mine) for (const child of children.get(each.pid) ?? []) mine.add(child);
  const memoryMb = [...mine].reduce((sum, each) => sum + each.memoryMb, 0);
  return { processes: mine.size, memoryMb };
}

interface Process {
  pid: number;
  parent: number;
  group: number;
  memoryMb: number;
}

async function linuxProcesses(): Promise<Process[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(names.map(readProcess));
  return read.filter((each) => each !== undefined);
}

async function readProcess(name: string): Promise<Process | undefined> {
  try {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8');
    // The program's name is in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Pages are 4 KiB on nearly all machines; a larger page only makes the limit stricter to read.
    const memoryMb = (Number(fields[21]) * 4) / 1024;
    return { pid: Number(name), parent: Number(fields[1]), group: Number(fields[2]), memoryMb };
  } catch {
    return undefined;
  }
}

async function psProcesses(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,rss='], {
    env: safeEnvironment(process.env),
    timeout: 5_000,
  });
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group, kb] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined || group === undefined || kb === undefined) return [];
    return [{ pid, parent, group, memoryMb: kb / 1024 }];
  });
}
