import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { pino } from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../../src-shared/emitter.ts';
import type { StreamFrame } from '../../src-shared/ipc.ts';
import {
  ACKNOWLEDGE_CHANNEL,
  CALL_CHANNEL,
  SUBSCRIBE_CHANNEL,
  UNSUBSCRIBE_CHANNEL,
} from '../../src-shared/ipc-names.ts';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';
import type { AppServices, CallHandlers, ShellCall } from '../app-services.ts';
import { registerIpc } from './ipc-host.ts';

type Handler = (event: unknown, ...values: unknown[]) => unknown;

const fakeIpcMain = vi.hoisted(() => ({ handlers: new Map<string, Handler>() }));

vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, handler: Handler) => fakeIpcMain.handlers.set(channel, handler),
    on: (channel: string, handler: Handler) => fakeIpcMain.handlers.set(channel, handler),
    removeHandler: (channel: string) => fakeIpcMain.handlers.delete(channel),
    off: (channel: string) => fakeIpcMain.handlers.delete(channel),
  },
}));

class FakeContents extends EventEmitter {
  readonly frames: StreamFrame[] = [];

  isDestroyed = () => false;
  isCrashed = () => false;
  send = (_channel: string, frame: StreamFrame) => void this.frames.push(frame);
}

const ORIGIN = 'app://lattice';
const mainFrame = { parent: null, origin: ORIGIN };

function start(services: Promise<Pick<AppServices, 'calls' | 'streams'>> = new Promise(() => {})) {
  const contents = new FakeContents();
  const commands = new Emitter<LiveDelta<never>>();
  const source: LiveSource<never> = { snapshot: () => [], on: (listener) => commands.on(listener) };
  const copy = vi.fn();
  const host = registerIpc({
    contents: contents as unknown as WebContents,
    origin: ORIGIN,
    log: pino({ level: 'silent' }),
    shell: {
      calls: { 'app.copy': copy } as unknown as Pick<CallHandlers, ShellCall>,
      streams: { 'commands.watch': () => source },
    },
    services,
  });
  const send = (channel: string, ...values: unknown[]) =>
    sendFrom({ sender: contents, senderFrame: mainFrame }, channel, ...values);
  return { contents, commands, copy, host, send };
}

function sendFrom(event: unknown, channel: string, ...values: unknown[]): unknown {
  return fakeIpcMain.handlers.get(channel)?.(event, ...values);
}

beforeEach(() => fakeIpcMain.handlers.clear());

describe('registerIpc', () => {
  it('refuses a call from a subframe, another origin, another page or a frame that is gone', async () => {
    const { contents, copy } = start();
    const events = [
      { sender: contents, senderFrame: { parent: mainFrame, origin: ORIGIN } },
      { sender: contents, senderFrame: { parent: null, origin: 'https://lattice' } },
      { sender: new FakeContents(), senderFrame: mainFrame },
      { sender: contents, senderFrame: null },
    ];
    for (const event of events)
      expect(await sendFrom(event, CALL_CHANNEL, 'app.copy', { text: 'x' })).toMatchObject({
        error: { code: 'unsafe' },
      });
    expect(copy).not.toHaveBeenCalled();
  });

  it('opens no stream for a foreign frame', async () => {
    const { contents, commands } = start();
    const event = { sender: contents, senderFrame: { parent: null, origin: 'null' } };
    await sendFrom(event, SUBSCRIBE_CHANNEL, 1, 'commands.watch', undefined);
    expect(commands.size).toBe(0);
  });

  it('answers its own calls before the services are there, and tells why they never came', async () => {
    const { send, copy } = start(Promise.reject(new Error('config.yaml line 3')));
    expect(await send(CALL_CHANNEL, 'app.copy', { text: 'x' })).toEqual({ ok: undefined });
    expect(copy).toHaveBeenCalledWith({ text: 'x' });
    expect(await send(CALL_CHANNEL, 'hub.start', undefined)).toEqual({
      error: { code: 'internal', message: 'config.yaml line 3' },
    });
  });

  it.each([
    ['an unsubscribe', ({ send }) => void send(UNSUBSCRIBE_CHANNEL, 1)],
    [
      'a navigation',
      ({ contents }) => contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false }),
    ],
    ['a crash', ({ contents }) => contents.emit('render-process-gone')],
    ['the end of the window', ({ contents }) => contents.emit('destroyed')],
    ['its own end', ({ host }) => host[Symbol.dispose]()],
  ] as [string, (started: ReturnType<typeof start>) => void][])('ends a stream on %s', async (_name, end) => {
    const started = start();
    await started.send(SUBSCRIBE_CHANNEL, 1, 'commands.watch', undefined);
    expect(started.commands.size).toBe(1);
    end(started);
    expect(started.commands.size).toBe(0);
  });

  it('keeps streams while the page moves within itself', async () => {
    const { contents, commands, send } = start();
    await send(SUBSCRIBE_CHANNEL, 1, 'commands.watch', undefined);
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    contents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
    expect(commands.size).toBe(1);
  });

  it('never opens a stream that was given up while the services started', async () => {
    let ready: (services: Pick<AppServices, 'calls' | 'streams'>) => void = () => {};
    const nodes = new Emitter<LiveDelta<never>>();
    const { send, contents } = start(
      new Promise((resolve) => {
        ready = resolve;
      }),
    );
    const opened = [
      send(SUBSCRIBE_CHANNEL, 1, 'node.watch', undefined),
      send(SUBSCRIBE_CHANNEL, 2, 'node.watch', undefined),
    ];
    send(UNSUBSCRIBE_CHANNEL, 1);
    contents.emit('render-process-gone');
    opened.push(send(SUBSCRIBE_CHANNEL, 3, 'node.watch', undefined));
    ready({
      calls: {},
      streams: {
        'node.watch': () => ({ snapshot: () => [], on: (listener: () => void) => nodes.on(listener) }),
      },
    } as unknown as Pick<AppServices, 'calls' | 'streams'>);
    await Promise.all(opened);
    expect(nodes.size).toBe(1);
  });

  it('sends the next frame only after the window took the last one', async () => {
    const { contents, commands, send } = start();
    await send(SUBSCRIBE_CHANNEL, 1, 'commands.watch', undefined);
    await vi.waitFor(() => expect(contents.frames).toHaveLength(1));
    commands.emit({ upserts: [{ seq: 1 } as never], removes: [] });
    commands.emit({ upserts: [{ seq: 2 } as never], removes: [] });
    expect(contents.frames).toHaveLength(1);
    send(ACKNOWLEDGE_CHANNEL);
    await vi.waitFor(() => expect(contents.frames).toHaveLength(2));
    expect(contents.frames[1]?.[0]?.[1]).toMatchObject({ upserts: [{ seq: 1 }, { seq: 2 }] });
  });

  it('leaves no handler behind', () => {
    const { host, contents } = start();
    host[Symbol.dispose]();
    expect([...fakeIpcMain.handlers.keys()]).toEqual([]);
    expect(contents.eventNames()).toEqual([]);
  });
});
