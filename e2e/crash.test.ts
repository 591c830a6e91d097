import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  expectNoLeak,
  filesIn,
  findSecretsIn,
  findSecretsInText,
  makeSecret,
} from '../src-main/testing/find-secrets.ts';
import type { NodeView } from '../src-shared/views/node.ts';
import { appArguments, appEnvironment, electronPath, launchApp, type RunningApp } from './app.ts';
import { expectNoProcess, findProcesses } from './leftovers.ts';

const SOON = { timeout: 60_000, interval: 50 };

const TOKEN = makeSecret();
const PROVIDER_KEY = makeSecret();

/** All that the app may write to: its home, that of the person, temporary files and where it was started. */
let folder: string;
let home: string;
let app: RunningApp | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-crash-'));
  home = join(folder, 'home');
  for (const name of ['home', 'person', 'tmp', 'cwd']) await mkdir(join(folder, name));
  // Whoever starts it lets the system write dumps, as big as they get.
  const wrapper = join(folder, 'electron');
  await writeFile(wrapper, `#!/bin/sh\nulimit -S -c "$(ulimit -H -c)"\nexec "${electronPath()}" "$@"\n`, {
    mode: 0o755,
  });
  vi.stubEnv('LATTICE_ELECTRON', wrapper);
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  vi.unstubAllEnvs();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});

const environment = () => ({
  HOME: join(folder, 'person'),
  TMPDIR: join(folder, 'tmp'),
  LATTICE_PORT: '0',
  LATTICE_HTTP_PORT: '0',
  LATTICE_STATION_NAME: 'atlas',
  LATTICE_PROJECT_DIR: join(folder, 'project'),
  LATTICE_AUTH_TOKEN: TOKEN,
  SOME_API_KEY: PROVIDER_KEY,
});
const launch = () => launchApp({ home, cwd: join(folder, 'cwd'), args: ['--host'], env: environment() });

const isDump = (file: string) => /(^|\/)core(\.\d+)?$|\.(dmp|mdmp)$/.test(file);

/** Nothing that was written holds a secret, and no memory was written at all. */
function expectNothingWritten(printed: string): void {
  expect(filesIn(folder).filter(isDump)).toEqual([]);
  expectNoLeak([...findSecretsIn(folder), ...findSecretsInText('what the app printed', printed)]);
}

const log = (): string =>
  filesIn(home)
    .filter((file) => file.endsWith('.log'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('');

/** Waits until the system writes the memory of no process of the app. */
async function coreDumpsAreOff(): Promise<void> {
  if (process.platform !== 'linux') return;
  await vi.waitFor(() => {
    const processes = findProcesses(home);
    expect(processes.some(({ command }) => command.includes('nats-server'))).toBe(true);
    expect(processes.some(({ command }) => command.includes('--type=renderer'))).toBe(true);
    const raised = processes.filter(
      ({ pid }) => !/^Max core file size +[01] /m.test(readFileSync(`/proc/${pid}/limits`, 'utf8')),
    );
    expect(raised).toEqual([]);
  }, SOON);
}

/** Evaluates in the window, which Playwright does not follow through a crash. */
const inWindow = <T>(running: RunningApp, script: string): Promise<T> =>
  running.electron.evaluate(
    ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code),
    script,
  ) as Promise<T>;

const nodeOf = (running: RunningApp) =>
  inWindow<NodeView>(
    running,
    `new Promise((done) => lattice.subscribe('node.watch', undefined, (message) => {
      if (message.kind === 'snapshot') done(message.items[0]);
    }))`,
  );

async function hosts(running: RunningApp): Promise<NodeView> {
  return await vi.waitFor(async () => {
    const node = await nodeOf(running);
    expect(node).toMatchObject({ mode: 'orchestrator', hub: { state: 'running' } });
    return node;
  }, SOON);
}

describe('a crash of the window', () => {
  it('brings it back with a sentence, while the hub and the station go on, and leaves no secret', async () => {
    const running = await launch();
    app = running;
    const before = await hosts(running);
    await coreDumpsAreOff();
    await running.electron.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const loaded = new Promise<void>((done) => contents?.once('did-finish-load', () => done()));
      process.kill(contents?.getOSProcessId() ?? 0, 'SIGSEGV');
      await loaded;
    });
    await vi.waitFor(async () => {
      const text = await inWindow<string>(running, 'document.body.innerText');
      expect(text).toContain('The window crashed and was loaded again');
      expect(text).toContain('The hub and all runs went on.');
      expect(text).toContain('1 of 1 stations online');
    }, SOON);
    const after = await nodeOf(running);
    expect([after.station_id, after.hub?.pid]).toEqual([before.station_id, before.hub?.pid]);
    expect(log()).toContain('The window crashed');
    expectNothingWritten(running.stderr());
  });
});

describe('what nobody caught in the program', () => {
  it('is in the log without its secrets, and the app goes on', async () => {
    const running = await launch();
    app = running;
    const before = await hosts(running);
    await running.electron.evaluate((_, token) => {
      const cause = { headers: { authorization: token }, url: `nats://${token}@hub:4222` };
      setTimeout(() => {
        throw new Error(`The hub refused ${token}`, { cause });
      });
      void Promise.reject(new Error('A call failed', { cause: new Error(`with ${token}`) }));
      void Promise.reject(`only ${token}`);
    }, TOKEN);
    await vi.waitFor(() => {
      expect(log()).toMatch(/"Uncaught exception"/);
      expect(log().match(/"Unhandled rejection"/g)).toHaveLength(2);
    }, SOON);
    expect(log()).toContain('The hub refused [redacted]');
    expect((await nodeOf(running)).hub?.pid).toBe(before.hub?.pid);
    expectNothingWritten(running.stderr());
  });
});

describe('a crash of the program', () => {
  it.each(['SIGSEGV', 'SIGABRT'] as const)(
    'by %s leaves neither a dump nor a secret, and the next start finds its hub',
    async (signal) => {
      const child = spawn(electronPath(), appArguments(['--host']), {
        cwd: join(folder, 'cwd'),
        env: appEnvironment(home, environment()),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
        });
      await coreDumpsAreOff();
      const hub = findProcesses(home).find(({ command }) => command.includes('nats-server'));
      await vi.waitFor(() => {
        expect(JSON.parse(readFileSync(join(home, 'data/hub/hub.json'), 'utf8')).pid).toBe(hub?.pid);
        expect(filesIn(home).some((file) => file.endsWith('/node.json'))).toBe(true);
      }, SOON);
      const closed = once(child, 'close');
      child.kill(signal);
      expect(await closed).toEqual([null, signal]);
      await vi.waitFor(() => expect(findProcesses(home)).toEqual([hub]), SOON);
      expectNothingWritten(printed);
      app = await launch();
      expect((await hosts(app)).hub?.pid).toBe(hub?.pid);
    },
  );
});
