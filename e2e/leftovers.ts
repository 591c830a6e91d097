import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

const DEADLINE_MS = 5_000;

export interface Leftover {
  pid: number;
  command: string;
}

/** The processes that live in a network namespace, named as `/proc/…/ns/net` does. */
export function processesIn(network: string): Leftover[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && networkOf(pid) === network)
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** The processes, other than this one, whose arguments or environment name `marker`. */
export function findProcesses(marker: string): Leftover[] {
  if (!existsSync('/proc')) return [];
  const found: Leftover[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = commandOf(pid);
    if (command.includes(marker) || read(`/proc/${pid}/environ`).includes(marker))
      found.push({ pid, command });
  }
  return found;
}

/** Waits until no process names `marker`; ends those that stay and throws with what they were. */
export async function expectNoProcess(marker: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  let left = findProcesses(marker);
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((next) => setTimeout(next, 50));
    left = findProcesses(marker);
  }
  if (left.length === 0) return;
  for (const { pid } of left) kill(pid);
  throw new Error(`Processes were left: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
