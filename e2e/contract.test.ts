import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallAnswer, LatticeBridge } from '../src-shared/ipc.ts';
import { launchApp, type RunningApp } from './app.ts';

/** The bridge as a page sees it; the tests call it with names and inputs that its types forbid. */
interface LooseBridge {
  call(name: string, input?: unknown): Promise<CallAnswer<unknown>>;
  subscribe(name: string, params: unknown, listener: (message: unknown) => void): () => void;
}

declare global {
  var lattice: LatticeBridge & LooseBridge;
}

let app: RunningApp;
let server: Server;
let requests: string[];
let address: string;

beforeAll(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app = await launchApp();
});

afterAll(async () => {
  server.close();
  await app.close();
});

const call = (name: string, input?: unknown) =>
  app.window.evaluate(([name, input]) => globalThis.lattice.call(name, input), [name, input] as const);

const windowCount = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

describe('the page', () => {
  it('is sandboxed and sees nothing of Node', async () => {
    const seen = await app.window.evaluate(() => ({
      process: typeof Reflect.get(globalThis, 'process'),
      require: typeof Reflect.get(globalThis, 'require'),
      bridge: Object.keys(globalThis.lattice).sort(),
    }));
    const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      // Electron documents no way to read them back, but every version has this.
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
        contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
    });
    expect(seen).toEqual({ process: 'undefined', require: 'undefined', bridge: ['call', 'subscribe'] });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
  });

  it('has the origin app://lattice and comes with nothing on its console', async () => {
    expect(await app.window.evaluate(() => location.origin)).toBe('app://lattice');
    expect(app.errors).toEqual([]);
  });

  it('runs no inline script and no eval, and reaches no network', async () => {
    const { violations, inline, evaluated, fetched } = await app.window.evaluate(async (target) => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        violations.push(event.effectiveDirective);
      });
      const script = document.createElement('script');
      script.textContent = 'globalThis.inlineRan = true';
      document.body.append(script);
      // In a task of its own, because what the test driver itself runs is exempt from the policy.
      const evaluated = await new Promise((done) =>
        setTimeout(() => {
          try {
            done(new Function('return 1')());
          } catch {
            done('refused');
          }
        }),
      );
      const fetched = await fetch(target).then(
        () => 'reached',
        () => 'refused',
      );
      const image = new Image();
      const loaded = new Promise((done) => {
        image.onerror = done;
        image.onload = done;
      });
      image.src = `${target}/image.png`;
      await loaded;
      const frame = document.createElement('iframe');
      frame.src = `${target}/frame`;
      document.body.append(frame);
      await new Promise((done) => setTimeout(done, 100));
      frame.remove();
      return { violations, inline: Reflect.get(globalThis, 'inlineRan'), evaluated, fetched };
    }, address);
    expect({ inline, evaluated, fetched }).toEqual({
      inline: undefined,
      evaluated: 'refused',
      fetched: 'refused',
    });
    expect(violations).toEqual(
      expect.arrayContaining(['script-src-elem', 'script-src', 'connect-src', 'img-src', 'frame-src']),
    );
    expect(requests).toEqual([]);
  });

  it('has a session that reaches no network either', async () => {
    const reached = await app.electron.evaluate(
      ({ session }, target) =>
        session
          .fromPartition('persist:lattice')
          .fetch(target)
          .then(
            () => true,
            () => false,
          ),
      `${address}/session`,
    );
    expect({ reached, requests }).toEqual({ reached: false, requests: [] });
  });

  it('gets no file from outside the built window', async () => {
    const statuses = await app.electron.evaluate(async ({ session }) => {
      const own = session.fromPartition('persist:lattice');
      const addresses = [
        'app://lattice/index.html',
        'app://lattice/%2e%2e/main/main.js',
        'app://lattice/..%2fmain%2fmain.js',
        'app://lattice//etc/passwd',
        'app://elsewhere/index.html',
      ];
      return await Promise.all(addresses.map(async (one) => (await own.fetch(one)).status));
    });
    expect(statuses).toEqual([200, 404, 404, 404, 404]);
  });

  it('is denied every permission', async () => {
    const answers = await app.window.evaluate(async () => {
      const states: string[] = [];
      for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'])
        states.push((await navigator.permissions.query({ name: name as PermissionName })).state);
      const position = await new Promise((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('given'),
          (error) => done(error.code),
        ),
      );
      const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'given',
        () => 'refused',
      );
      return { states, position, media, notification: await Notification.requestPermission() };
    });
    expect(answers).toEqual({
      states: ['denied', 'denied', 'denied', 'denied', 'denied'],
      position: 1,
      media: 'refused',
      notification: 'denied',
    });
  });

  it('opens no window and goes nowhere else', async () => {
    const opened = await app.window.evaluate((target) => window.open(target) === null, `${address}/opened`);
    await app.window.evaluate((target) => {
      location.href = target;
    }, `${address}/navigated`);
    await app.window.evaluate((target) => {
      const link = document.createElement('a');
      link.href = target;
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
    }, `${address}/linked`);
    expect(await call('app.info')).toHaveProperty('ok');
    expect({ opened, url: app.window.url(), windows: await windowCount(), requests }).toEqual({
      opened: true,
      url: expect.stringContaining('app://lattice/'),
      windows: 1,
      requests: [],
    });
  });
});

describe('calls', () => {
  it('open only https addresses outside', async () => {
    await app.electron.evaluate(({ shell }) => {
      Reflect.set(globalThis, 'openedOutside', []);
      shell.openExternal = async (url) => {
        (Reflect.get(globalThis, 'openedOutside') as string[]).push(url);
      };
    });
    const refused = [
      'http://example.com',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'rubbish',
      '',
      'https://',
    ];
    for (const url of refused)
      expect(await call('app.openExternal', { url }), url).toMatchObject({ error: { code: 'unsafe' } });
    expect(await call('app.openExternal', { url: 'https://example.com/a?b#c' })).toEqual({ ok: undefined });
    expect(await app.electron.evaluate(() => Reflect.get(globalThis, 'openedOutside'))).toEqual([
      'https://example.com/a?b#c',
    ]);
  });

  it('with names that are not in the contract are refused', async () => {
    for (const name of ['nope', 'toString', '__proto__', 'app.info.extra', ''])
      expect(await call(name), name).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it('with input that does not fit are refused', async () => {
    expect(await call('app.copy', { text: 7 })).toMatchObject({
      error: { code: 'invalid_input', message: expect.stringContaining('app.copy.text') },
    });
    expect(await call('app.info', { extra: true })).toMatchObject({ error: { code: 'invalid_input' } });
    expect(await call('runs.start')).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it('from another page than the main frame of the window are refused', async () => {
    const answers = await app.electron.evaluate(
      async ({ BrowserWindow }, { preload, iframe }) => {
        const foreign = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, partition: 'persist:lattice' },
        });
        const answers: unknown[] = [];
        for (const url of ['about:blank', 'app://lattice/index.html']) {
          await foreign.loadURL(url);
          answers.push(await foreign.webContents.executeJavaScript('lattice.call("app.info")'));
        }
        foreign.destroy();
        const [window] = BrowserWindow.getAllWindows();
        answers.push(await window?.webContents.executeJavaScript(iframe));
        return answers;
      },
      {
        preload: join(import.meta.dirname, '../out/preload/preload.cjs'),
        iframe: `(() => {
          const frame = document.createElement('iframe');
          document.body.append(frame);
          const bridge = typeof frame.contentWindow.lattice;
          frame.remove();
          return bridge;
        })()`,
      },
    );
    expect(answers).toMatchObject([
      { error: { code: 'unsafe' } },
      { error: { code: 'unsafe' } },
      'undefined',
    ]);
  });
});

describe('streams', () => {
  it('begin with a snapshot, end with an error, and are refused by name and parameters', async () => {
    const first = (name: string, params?: unknown) =>
      app.window.evaluate(
        ([name, params]) =>
          new Promise((done) => {
            const end = globalThis.lattice.subscribe(name, params, (message) => {
              done(message);
              queueMicrotask(() => end());
            });
          }),
        [name, params] as const,
      );
    expect(await first('node.watch')).toMatchObject({ kind: 'snapshot', seq: 0, items: [{}] });
    expect(await first('runs.output', { id: 'none' })).toMatchObject({
      kind: 'error',
      error: { code: 'not_found' },
    });
    expect(await first('runs.output', { id: 7 })).toMatchObject({
      kind: 'error',
      error: { code: 'invalid_input' },
    });
    expect(await first('nope')).toMatchObject({ kind: 'error', error: { code: 'invalid_input' } });
  });

  it('are asked for again by the window when a message is missing', async () => {
    await app.electron.evaluate(({ BrowserWindow, ipcMain }) => {
      const asked: string[] = [];
      Reflect.set(globalThis, 'asked', asked);
      ipcMain.on('lattice:subscribe', (_event, _id, name: string) => asked.push(name));
      const [window] = BrowserWindow.getAllWindows();
      const gap = { kind: 'delta', seq: 1_000_000, upserts: [], removes: [] };
      const frame = Array.from({ length: 20 }, (_unused, index) => [index + 1, gap]);
      window?.webContents.send('lattice:stream', frame);
    });
    await vi.waitFor(async () => {
      expect(await app.electron.evaluate(() => Reflect.get(globalThis, 'asked'))).toContain('node.watch');
    });
  });
});
