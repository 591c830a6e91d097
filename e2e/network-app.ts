import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import {
  appArguments,
  appEnvironment,
  createHome,
  electronPath,
  type LaunchAppOptions,
  removeHome,
  stopApp,
} from './app.ts';
import type { Network } from './network.ts';

const DEVTOOLS = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)(\/\S+)$/;

/** The real app on a machine's network of its own. */
export interface NetworkApp {
  window: Page;
  /** The `LATTICE_HOME` of this app. */
  home: string;
  /** Errors of the window's console and its uncaught exceptions. */
  errors: readonly string[];
  /** Quits the app and throws when a process of it is left. */
  close(): Promise<void>;
}

/**
 * Starts the built app in a network and waits for its window. Its DevTools answer on the loopback of that network
 * alone, so they are reached through a forwarded port.
 */
export async function launchAppIn(network: Network, options: LaunchAppOptions = {}): Promise<NetworkApp> {
  const home = options.home ?? (await createHome());
  // Inside a user namespace the app is root too, and Chromium refuses to run its sandbox as root.
  const args = [...new Set(['--no-sandbox', '--remote-debugging-port=0', ...appArguments(options.args)])];
  const [program = '', ...rest] = network.argv(electronPath(), args);
  const child = spawn(program, rest, {
    env: appEnvironment(home, options.env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  let disconnect = async () => undefined;
  const close = async () => {
    await stopApp(child, () => said.join('\n'));
    await disconnect();
    if (options.home === undefined) await removeHome(home);
  };
  try {
    const { port, path } = await devToolsOf(child, said);
    const forward = await network.forward(port);
    const browser = await chromium.connectOverCDP(`ws://127.0.0.1:${forward.port}${path}`);
    disconnect = async () => {
      await browser.close();
      forward[Symbol.dispose]();
      return undefined;
    };
    const [context] = browser.contexts();
    if (context === undefined) throw new Error('The app has no window.');
    const window = context.pages()[0] ?? (await context.waitForEvent('page'));
    const errors: string[] = [];
    window.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    window.on('pageerror', (error) => errors.push(String(error)));
    await window.waitForLoadState('load');
    return { window, home, errors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where the DevTools of an app answer in its own network; keeps reading what it says. */
function devToolsOf(child: ChildProcess, said: string[]): Promise<{ port: number; path: string }> {
  if (child.stderr === null) throw new Error('The app has no stderr.');
  const lines = createInterface({ input: child.stderr });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      const found = DEVTOOLS.exec(line);
      if (found) resolve({ port: Number(found[1]), path: found[2] ?? '' });
    });
    lines.on('close', () => reject(new Error(`The app ended at once:\n${said.join('\n')}`)));
  });
}
