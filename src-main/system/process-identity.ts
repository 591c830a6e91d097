import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

/** A process for good: its pid and when it started, so that a reused pid is not taken for it. */
export const processIdentitySchema = z.object({ pid: z.int().min(1), start_time: z.string().min(1) });
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** The identity of a process that runs now, or undefined when there is none. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const start = await startTime(pid);
  return start === undefined ? undefined : { pid, start_time: start };
}

/** True while exactly this process runs; a pid that went to another process counts as gone. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return (await startTime(identity.pid)) === identity.start_time;
}

/** The command line of a process, or nothing when there is none or the system does not tell. */
export async function commandLineOf(pid: number): Promise<string> {
  try {
    switch (process.platform) {
      case 'linux':
        return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
      case 'win32':
        return '';
      default:
        return (await printed('ps', ['-o', 'args=', '-p', String(pid)])) ?? '';
    }
  } catch {
    return '';
  }
}

async function startTime(pid: number): Promise<string | undefined> {
  try {
    switch (process.platform) {
      case 'linux':
        return await linuxStartTime(pid);
      case 'win32':
        return await printed('powershell.exe', [
          '-NoProfile',
          '-Command',
          `(Get-Process -Id ${pid}).StartTime.Ticks`,
        ]);
      default:
        return await printed('ps', ['-o', 'lstart=', '-p', String(pid)]);
    }
  } catch {
    return undefined;
  }
}

async function linuxStartTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold spaces and brackets, so the fields count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()}:${fields[19]}`;
}

async function printed(command: string, args: string[]): Promise<string | undefined> {
  const { stdout } = await run(command, args, { timeout: 5_000, windowsHide: true });
  return stdout.trim() || undefined;
}
