import { spawn } from 'node:child_process';
import { LatticeError } from '../../src-shared/errors.ts';
import { safeEnvironment } from '../agents/command-environment.ts';
import { endGroup } from '../agents/process-group.ts';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const STDERR_BYTES = 16 * 1024;
const KILL_AFTER_MS = 2_000;
/** What a tool needs to reach a remote in the name of the person. */
const FOR_REMOTES = [
  ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
];

export interface ToolRun {
  program: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  input?: Buffer | string | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs: number;
}

export interface ToolResult {
  /** -1 when a signal ended the tool. */
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** What a version control tool sees of our environment: no keys of providers, no variable that redirects it. */
export function toolEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const env = safeEnvironment(own);
  for (const name of FOR_REMOTES) {
    const value = own[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Runs a program without a shell and gives what it said. Its whole process group ends with the signal or the time.
 * @throws LatticeError `not_found` when it is not installed, `cancelled`, `timeout`, `too_large` beyond 64 MiB, `io_failed`.
 */
export async function runTool(run: ToolRun): Promise<ToolResult> {
  const { program, signal } = run;
  if (signal?.aborted) throw cancelled(program);
  const child = spawn(program, run.args, {
    cwd: run.cwd,
    env: run.env,
    stdio: 'pipe',
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  const chunks: Buffer[] = [];
  let size = 0;
  let stderr = '';
  let why: LatticeError | undefined;
  let ending: Promise<void> | undefined;
  const stop = (reason: LatticeError) => {
    why ??= reason;
    if (child.pid !== undefined) ending ??= endGroup(child.pid, KILL_AFTER_MS);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_OUTPUT_BYTES) stop(new LatticeError('too_large', `${program} said more than 64 MiB.`));
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk.toString('utf8')}`.slice(-STDERR_BYTES);
  });
  // A tool that ends before it read everything is told by its exit code.
  child.stdin.on('error', () => undefined).end(run.input ?? '');
  const onAbort = () => stop(cancelled(program));
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => {
    stop(new LatticeError('timeout', `${program} did not end within ${run.timeoutMs} ms.`));
  }, run.timeoutMs);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit) => resolve(exit ?? -1));
    });
    await ending;
    if (why !== undefined) throw why;
    return { code, stdout: Buffer.concat(chunks), stderr };
  } catch (error) {
    throw cannotRun(program, run.cwd, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function cancelled(program: string): LatticeError {
  return new LatticeError('cancelled', `${program} was cancelled.`);
}

function cannotRun(program: string, cwd: string, error: unknown): LatticeError {
  if (error instanceof LatticeError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') {
    return new LatticeError('not_found', `${program} is not installed, or ${cwd} is not there.`, {
      hint: `Install ${program}, or set vcs.preset: none in lattice.yaml.`,
      cause: error,
    });
  }
  return new LatticeError('io_failed', `${program} cannot be started (${String(code ?? error)}).`, {
    cause: error,
  });
}
