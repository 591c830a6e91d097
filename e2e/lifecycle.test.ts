import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHome, launchApp, type RunningApp, removeHome, startSecondInstance } from './app.ts';
import { expectNoProcess, findProcesses } from './leftovers.ts';

let home: string;
let app: RunningApp | undefined;

beforeEach(async () => {
  home = await createHome();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await removeHome(home);
});

const boundsOf = ({ electron }: RunningApp) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());

describe('the app', () => {
  it('lets a second start focus the first, hand over its link and end', async () => {
    app = await launchApp({ home });
    const commands = app.window.evaluate(
      () =>
        new Promise((done) => {
          globalThis.lattice.subscribe('commands.watch', undefined, (message) => {
            if (message.kind === 'delta') done(message.upserts);
          });
          void globalThis.lattice.call('app.hide');
        }),
    );
    const visible = () =>
      app?.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
    await vi.waitFor(async () => expect(await visible()).toBe(false));
    expect(await startSecondInstance(home, ['lattice://join#token'])).toBe(0);
    await vi.waitFor(async () => expect(await visible()).toBe(true));
    expect(await commands).toMatchObject([{ command: 'node.join', argument: 'lattice://join#token' }]);
  });

  it('comes back where its window was, and in sight when the file is rubbish', async () => {
    app = await launchApp({ home });
    const moved = { x: 40, y: 30, width: 1_000, height: 640 };
    // Showing a window places it, so it is moved once it is there and has painted.
    const shown = () =>
      app?.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
    await vi.waitFor(async () => expect(await shown()).toBe(true));
    await app.window.evaluate(
      () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
    );
    await vi.waitFor(async () => {
      await app?.electron.evaluate(
        ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds),
        moved,
      );
      expect(await boundsOf(app as RunningApp)).toEqual(moved);
    });
    await app.close();
    expect(JSON.parse(await readFile(join(home, 'data/window.json'), 'utf8'))).toMatchObject({
      bounds: moved,
    });
    app = await launchApp({ home });
    expect(await boundsOf(app)).toEqual(moved);
    await app.close();
    await writeFile(join(home, 'data/window.json'), '{"bounds":{"x":1e99,"y":"left"}');
    app = await launchApp({ home });
    const bounds = await boundsOf(app);
    expect(bounds?.width).toBeGreaterThanOrEqual(900);
    expect(bounds?.x).toBeGreaterThanOrEqual(0);
  });

  it('loads its window again after a crash, with working streams', async () => {
    app = await launchApp({ home });
    await app.electron.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      await new Promise<void>((loaded) => {
        contents?.once('did-finish-load', () => loaded());
        contents?.forcefullyCrashRenderer();
      });
    });
    const first = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        'new Promise((done) => lattice.subscribe("node.watch", undefined, (message) => done(message.kind)))',
      ),
    );
    expect(first).toBe('snapshot');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s and leaves no process', async (signal) => {
    app = await launchApp({ home });
    expect(findProcesses(home).length).toBeGreaterThan(1);
    const child = app.electron.process();
    const exited = once(child, 'exit');
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    app = undefined;
    await expectNoProcess(home);
  });

  it('stops when its window is closed', async () => {
    app = await launchApp({ home });
    const exited = once(app.electron.process(), 'exit');
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(await exited).toEqual([0, null]);
    app = undefined;
    await expectNoProcess(home);
  });
});
