import { readdirSync } from 'node:fs';
import { loadKoffi } from './koffi.ts';

const F_SETFD = 2;
const FD_CLOEXEC = 1;
const FIRST = 3;

type Fcntl = (descriptor: number, command: number, flag: number) => number;

let fcntl: Fcntl | undefined;

/**
 * Keeps what this process has open from the programs it starts from now on; call it right before. On Linux Chromium leaves
 * its files and sockets open for them: a hub would then hold the window of an app that crashed, and an agent could speak
 * for it. Does nothing elsewhere, nor in plain Node.js, which keeps its own to itself.
 */
export function keepOwnDescriptors(): void {
  if (process.platform !== 'linux' || process.versions.electron === undefined) return;
  fcntl ??= openFcntl();
  for (const name of readdirSync('/proc/self/fd'))
    if (Number(name) >= FIRST) fcntl(Number(name), F_SETFD, FD_CLOEXEC);
}

function openFcntl(): Fcntl {
  try {
    return loadKoffi().load(null).func('int fcntl(int descriptor, int command, int flag)');
  } catch {
    // Work is worth more than this, and the log says already that the module is missing.
    return () => -1;
  }
}
