import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHome, removeHome } from './app.ts';
import { findProcesses } from './leftovers.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const unpacked = join(
  root,
  'dist',
  process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`,
);
const resources = join(unpacked, 'resources');

/** What a packaged app finds on a person's machine: nothing of ours but its own files. */
function bareEnvironment(home: string): NodeJS.ProcessEnv {
  const { PATH, DISPLAY, XAUTHORITY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR } = process.env;
  const display = Object.entries({ DISPLAY, XAUTHORITY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR });
  const given = Object.fromEntries(display.filter(([, value]) => value !== undefined));
  return { ...given, PATH, HOME: home, LATTICE_HOME: home, LATTICE_PORT: '0' };
}

/** The address of the window's debugging port, as Chromium writes it to stderr. */
async function debuggingAddress(child: ChildProcess, written: () => string): Promise<string> {
  while (child.exitCode === null && child.signalCode === null) {
    const address = /DevTools listening on (\S+)/.exec(written())?.[1];
    if (address) return address;
    await Promise.race([once(child.stderr ?? child, 'data'), once(child, 'exit')]);
  }
  throw new Error(`The packaged app ended with ${child.exitCode ?? child.signalCode}:\n${written()}`);
}

describe('the packaged app', () => {
  let home: string;
  let child: ChildProcess;
  let browser: Browser;
  let stderr = '';

  beforeAll(async () => {
    await run(process.execPath, [join(root, 'scripts', 'package.mjs'), '--targets', 'dir'], { cwd: root });
    home = await createHome();
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    // With the fuses set neither the variable nor --inspect has an effect.
    child = spawn(
      join(unpacked, 'lattice-app'),
      [...sandbox, '--remote-debugging-port=0', '--inspect=0', '--host'],
      { env: { ...bareEnvironment(home), ELECTRON_RUN_AS_NODE: '1' }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    browser = await chromium.connectOverCDP(await debuggingAddress(child, () => stderr));
  });

  afterAll(async () => {
    await browser?.close();
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    if (home) await removeHome(home);
  });

  it('hosts a lattice with the nats-server it brings', async () => {
    const [context] = browser.contexts();
    const window = context?.pages()[0] ?? (await context?.waitForEvent('page'));
    await window?.getByText('This machine hosts it').waitFor();
    const servers = findProcesses(home).filter(({ command }) => command.includes('nats-server'));
    expect(servers.map(({ command }) => command.split(' ')[0])).toEqual([
      join(resources, 'bin', `${process.platform}-${process.arch}`, 'nats-server'),
    ]);
  });

  it('is seen by the lattice command it brings', async () => {
    const command = join(resources, 'cli', 'bin', 'lattice');
    const { stdout } = await run(command, ['status', '--json'], { env: bareEnvironment(home) });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      data: { local: { mode: 'orchestrator' }, stations: { total: 1, online: 1 } },
    });
  });

  it('opens no inspector', () => {
    expect(stderr).not.toContain('Debugger listening');
  });

  it('stops on SIGTERM and leaves no process', async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await expect.poll(() => findProcesses(home)).toEqual([]);
  });
});
