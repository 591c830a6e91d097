import { contextBridge, ipcRenderer } from 'electron';
import type { ErrorShape } from '../src-shared/errors.ts';
import type { LatticeBridge, StreamFrame, StreamMessage } from '../src-shared/ipc.ts';
import {
  ACKNOWLEDGE_CHANNEL,
  CALL_CHANNEL,
  callNames,
  STREAM_CHANNEL,
  SUBSCRIBE_CHANNEL,
  streamNames,
  UNSUBSCRIBE_CHANNEL,
} from '../src-shared/ipc-names.ts';

const listeners = new Map<number, (message: StreamMessage<unknown>) => void>();
let lastId = 0;

const bridge: LatticeBridge = {
  call: async (name, input) =>
    Object.hasOwn(callNames, name)
      ? await ipcRenderer.invoke(CALL_CHANNEL, name, input)
      : { error: unknownName('call', name) },

  subscribe(name, params, listener) {
    if (!Object.hasOwn(streamNames, name)) {
      listener({ kind: 'error', error: unknownName('stream', name) });
      return () => {};
    }
    lastId += 1;
    const id = lastId;
    listeners.set(id, listener);
    ipcRenderer.send(SUBSCRIBE_CHANNEL, id, name, params);
    return () => {
      if (listeners.delete(id)) ipcRenderer.send(UNSUBSCRIBE_CHANNEL, id);
    };
  },
};

ipcRenderer.on(STREAM_CHANNEL, (_event, frame: StreamFrame) => {
  try {
    for (const [id, message] of frame) tell(id, message);
  } finally {
    ipcRenderer.send(ACKNOWLEDGE_CHANNEL);
  }
});

contextBridge.exposeInMainWorld('lattice', bridge);

function tell(id: number, message: StreamMessage<unknown>): void {
  const listener = listeners.get(id);
  if (!listener) {
    // A page that was replaced may have asked for it; nobody else would end it.
    ipcRenderer.send(UNSUBSCRIBE_CHANNEL, id);
    return;
  }
  if (message.kind === 'error') listeners.delete(id);
  try {
    listener(message);
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}

function unknownName(kind: string, name: unknown): ErrorShape {
  return { code: 'invalid_input', message: `There is no ${kind} named ${String(name).slice(0, 100)}.` };
}
