import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
/** How long to wait for a killed group to be gone; only a process stuck in the kernel takes longer. */
const AFTER_KILL_MS = 2_000;

/** Whether any process of the group is left; the group has the id of its first process. */
export function isGroupAlive(pid: number): boolean {
  if (process.platform === 'win32') return isAlive(pid);
  return isAlive(-pid);
}

/** Ends a process group: SIGTERM, then SIGKILL after `graceMs`. Resolves when it is gone. */
export async function endGroup(pid: number, graceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  if (await isGoneWithin(pid, graceMs)) return;
  signalGroup(pid, 'SIGKILL');
  await isGoneWithin(pid, AFTER_KILL_MS);
}

function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    // Windows has neither groups nor SIGTERM; taskkill ends the tree, and /F what does not answer.
    spawn('taskkill', ['/PID', String(pid), '/T', ...(signal === 'SIGKILL' ? ['/F'] : [])], {
      stdio: 'ignore',
      windowsHide: true,
    }).on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (isGroupAlive(pid)) {
    if (performance.now() >= end) return false;
    await delay(POLL_MS);
  }
  return true;
}

function isAlive(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
