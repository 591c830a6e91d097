import type { BrowserWindow } from 'electron';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';
import { roleWords } from '../../src-shared/protocol/roles.ts';
import type { WaitingDevice } from '../../src-shared/views/device.ts';
import type { Notifier } from './notifier.ts';

export interface DeviceAlertsOptions {
  waiting: LiveSource<WaitingDevice>;
  window: Pick<BrowserWindow, 'isDestroyed' | 'isFocused'>;
  /** Opens the question in the window. */
  open(): void;
  notifier: Pick<Notifier, 'show' | 'withdraw' | typeof Symbol.dispose>;
}

/** Tells of devices that wait for a yes while the window is not in focus; what is decided or gone is taken back. */
export function followDeviceAlerts(options: DeviceAlertsOptions): Disposable {
  const { waiting, window, open, notifier } = options;
  const take = ({ upserts, removes }: LiveDelta<WaitingDevice>) => {
    for (const id of removes) notifier.withdraw(id);
    if (window.isDestroyed() || window.isFocused()) return;
    for (const device of upserts) notifier.show(device.id, noticeOf(device), open);
  };
  const following = waiting.on(take);
  take({ upserts: waiting.snapshot(), removes: [] });
  return {
    [Symbol.dispose]() {
      following[Symbol.dispose]();
      notifier[Symbol.dispose]();
    },
  };
}

function noticeOf({ name, platform, address, role, fingerprint }: WaitingDevice): {
  title: string;
  body: string;
} {
  const from = address === undefined ? platform : `${platform}, ${address}`;
  return {
    title: `${name} asks to be let in as ${roleWords[role].title.toLowerCase()}`,
    body: `${from}\nIts key: ${fingerprint}`,
  };
}
