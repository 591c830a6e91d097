import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { keepOwnDescriptors } from '../../system/own-descriptors.ts';
import { OutputTail } from '../output-buffer.ts';
import { endGroup } from '../process-group.ts';
import { killLeftovers, RUN_MARK } from '../sandbox/leftovers.ts';

const STDERR_TAIL_BYTES = 8 * 1024;

/** How a runtime ended. */
export interface RuntimeExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A runtime that runs, with its pipes. */
export interface AcpProcess {
  pid: number;
  child: ChildProcessWithoutNullStreams;
  exited: Promise<RuntimeExit>;
  /** The end of what it wrote to stderr. */
  stderr(): string;
  /** Ends the runtime and all it started; SIGTERM, then SIGKILL after `graceMs`. Says how many had to be hunted down. */
  end(graceMs: number): Promise<number>;
}

export interface AcpProcessOptions {
  command: readonly [string, ...string[]];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/** Starts a runtime in a process group of its own. @throws the error of spawn when it cannot be started. */
export async function startAcpProcess({ command, cwd, env }: AcpProcessOptions): Promise<AcpProcess> {
  const [program, ...args] = command;
  const mark = randomUUID();
  keepOwnDescriptors();
  const child = spawn(program, args, {
    cwd,
    env: { ...env, [RUN_MARK]: mark },
    stdio: 'pipe',
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  const exited = new Promise<RuntimeExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const tail = new OutputTail(STDERR_TAIL_BYTES);
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.stdout.on('error', () => undefined);
  child.stderr.on('error', () => undefined).on('data', (chunk: Buffer) => tail.add(chunk));
  return {
    pid,
    child,
    exited,
    stderr: () => tail.toString(),
    async end(graceMs) {
      child.stdin.end();
      await endGroup(pid, graceMs);
      const left = await killLeftovers(mark);
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      return left;
    },
  };
}
