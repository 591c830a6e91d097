import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Logger } from 'pino';
import { LatticeError } from '../../src-shared/errors.ts';
import type { CallAnswer } from '../../src-shared/ipc.ts';
import {
  ACKNOWLEDGE_CHANNEL,
  CALL_CHANNEL,
  STREAM_CHANNEL,
  SUBSCRIBE_CHANNEL,
  UNSUBSCRIBE_CHANNEL,
} from '../../src-shared/ipc-names.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { type GateOptions, openStream, runCall } from './call-gate.ts';
import { StreamBatcher } from './stream-batcher.ts';

export interface IpcHostOptions extends GateOptions {
  /** The contents of our one window. */
  contents: WebContents;
  /** The only origin that may call, for example `app://lattice`. */
  origin: string;
  log: Logger;
}

/** Answers the calls and feeds the streams of one window until it is disposed; anyone else is refused. */
export function registerIpc(options: IpcHostOptions): Disposable {
  const { contents, log } = options;
  let batcher = createBatcher(contents);
  let opening = new Set<number>();

  const isTrusted = (event: IpcMainEvent | IpcMainInvokeEvent): boolean => {
    const frame = event.senderFrame;
    const trusted =
      event.sender === contents && frame !== null && frame.parent === null && frame.origin === options.origin;
    if (!trusted) log.warn({ origin: frame?.origin }, 'Refused a message from a foreign frame');
    return trusted;
  };

  const call = async (
    event: IpcMainInvokeEvent,
    name: unknown,
    input: unknown,
  ): Promise<CallAnswer<unknown>> => {
    if (!isTrusted(event))
      return { error: { code: 'unsafe', message: 'Only the main frame of the Lattice window may call.' } };
    try {
      return { ok: await runCall(options, name, input) };
    } catch (thrown) {
      const error = LatticeError.from(thrown);
      if (error.code === 'internal') log.error({ call: name, err: thrown }, 'A call failed');
      return { error: processSecrets.redactAll(error.toShape()) };
    }
  };

  const subscribe = async (event: IpcMainEvent, id: unknown, name: unknown, params: unknown) => {
    if (!isTrusted(event) || !isId(id)) return;
    const own = { batcher, opening };
    own.opening.add(id);
    try {
      const { source, key } = await openStream(options, name, params);
      if (own.opening.delete(id)) own.batcher.add(id, source, key);
    } catch (thrown) {
      const error = LatticeError.from(thrown);
      if (error.code === 'internal') log.error({ stream: name, err: thrown }, 'A stream failed');
      if (own.opening.delete(id))
        own.batcher.fail(id, LatticeError.fromShape(processSecrets.redactAll(error.toShape())));
    }
  };

  const unsubscribe = (event: IpcMainEvent, id: unknown) => {
    if (!isTrusted(event) || !isId(id)) return;
    opening.delete(id);
    batcher.remove(id);
  };

  const acknowledge = (event: IpcMainEvent) => {
    if (isTrusted(event)) batcher.acknowledge();
  };

  const endStreams = () => {
    opening.clear();
    batcher[Symbol.dispose]();
  };
  const startOver = () => {
    endStreams();
    opening = new Set();
    batcher = createBatcher(contents);
  };
  const navigated = (details: { isMainFrame: boolean; isSameDocument: boolean }) => {
    if (details.isMainFrame && !details.isSameDocument) startOver();
  };

  ipcMain.handle(CALL_CHANNEL, call);
  ipcMain.on(SUBSCRIBE_CHANNEL, subscribe);
  ipcMain.on(UNSUBSCRIBE_CHANNEL, unsubscribe);
  ipcMain.on(ACKNOWLEDGE_CHANNEL, acknowledge);
  contents.on('did-start-navigation', navigated);
  contents.on('render-process-gone', startOver);
  contents.on('destroyed', endStreams);

  return {
    [Symbol.dispose]() {
      ipcMain.removeHandler(CALL_CHANNEL);
      ipcMain.off(SUBSCRIBE_CHANNEL, subscribe);
      ipcMain.off(UNSUBSCRIBE_CHANNEL, unsubscribe);
      ipcMain.off(ACKNOWLEDGE_CHANNEL, acknowledge);
      contents.off('did-start-navigation', navigated);
      contents.off('render-process-gone', startOver);
      contents.off('destroyed', endStreams);
      endStreams();
    },
  };
}

function createBatcher(contents: WebContents): StreamBatcher {
  return new StreamBatcher({
    send: (frame) => {
      if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(STREAM_CHANNEL, frame);
    },
  });
}

function isId(id: unknown): id is number {
  return Number.isSafeInteger(id);
}
