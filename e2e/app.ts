import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { expectNoLeak, findSecretsIn, findSecretsInText } from '../src-main/testing/find-secrets.ts';
import { expectNoProcess } from './leftovers.ts';

/** The folder with package.json, whose built app in `out/` is started. */
const appDir = join(import.meta.dirname, '..');

/** Longer than the app's own deadline to stop, in milliseconds. */
const STOP_DEADLINE_MS = 15_000;

export interface LaunchAppOptions {
  /** Arguments after the app folder, for example `--host`. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Another home than a new one; whoever made it removes it. */
  home?: string;
  /** The folder it runs in; that of the tests where none is given. */
  cwd?: string;
}

export interface RunningApp {
  electron: ElectronApplication;
  window: Page;
  /** The `LATTICE_HOME` of this app. */
  home: string;
  /** Everything main wrote to stderr. */
  stderr(): string;
  /** Errors of the window's console and its uncaught exceptions. */
  errors: readonly string[];
  /** Quits the app and throws when a process of it is left. */
  close(): Promise<void>;
}

/** Makes a home for apps that come one after another; `removeHome` ends it. */
export async function createHome(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'lattice-e2e-'));
}

export async function removeHome(home: string): Promise<void> {
  await expectNoProcess(home);
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** Starts the built app in a real Electron with a home of its own and waits for its window. */
export async function launchApp(options: LaunchAppOptions = {}): Promise<RunningApp> {
  const home = options.home ?? (await createHome());
  const electron = await _electron.launch({
    executablePath: electronPath(),
    args: appArguments(options.args),
    env: appEnvironment(home, options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    timeout: 30_000,
  });
  const child = electron.process();
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const close = async () => {
    await stopApp(child, () => stderr);
    expectNoLeak([...findSecretsIn(home), ...findSecretsInText('stderr of the app', stderr)]);
    if (options.home === undefined) await removeHome(home);
    else await expectNoProcess(home);
  };
  try {
    const window = await electron.firstWindow();
    const errors: string[] = [];
    window.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    window.on('pageerror', (error) => errors.push(String(error)));
    await window.waitForLoadState('load');
    return { electron, window, home, stderr: () => stderr, errors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Ends the app the way the system does, which asks nobody; throws when it does not stop in time. */
export async function stopApp(child: ChildProcess, stderr: () => string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  child.kill('SIGTERM');
  const [, signal] = await exited;
  clearTimeout(timer);
  if (signal === 'SIGKILL') throw new Error(`The app did not stop in time:\n${stderr()}`);
}

/** Starts the app once more on the home of a running one, without Playwright, and gives its exit code. */
export async function startSecondInstance(
  home: string,
  args: readonly string[] = [],
): Promise<number | null> {
  const child = spawn(electronPath(), appArguments(args), { env: appEnvironment(home), stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code;
}

/** The Electron to run. @throws Error when the environment does not name one. */
export function electronPath(): string {
  const path = process.env.LATTICE_ELECTRON;
  if (!path)
    throw new Error('Set LATTICE_ELECTRON to an Electron binary, or run the tests through npm test.');
  return path;
}

/** The arguments that make an Electron run the built app. */
export function appArguments(args: readonly string[] = []): string[] {
  // Chromium refuses to run its sandbox as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...sandbox, appDir, ...args];
}

/** The environment of an app with this home, without what the test runner put into its own. */
export function appEnvironment(
  home: string,
  env: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('VITEST'),
  );
  return { ...Object.fromEntries(own), ...env, LATTICE_HOME: home };
}
