import { describe, expect, it, vi } from 'vitest';
import { LiveMap } from '../../src-shared/live.ts';
import type { WaitingDevice } from '../../src-shared/views/device.ts';
import { followDeviceAlerts } from './device-alerts.ts';

const forge: WaitingDevice = {
  id: 'invitation.U',
  invitation: 'invitation',
  key: 'U',
  fingerprint: 'babab-babab-babab-babab-babab-babab',
  name: 'forge',
  version: '1',
  platform: 'Linux x64',
  address: '10.0.0.7',
  role: 'station',
  asked_at: '2026-01-01T00:00:00Z',
};

function follow(isFocused: boolean) {
  const waiting = new LiveMap<WaitingDevice>((device) => device.id);
  const notifier = { show: vi.fn(), withdraw: vi.fn(), [Symbol.dispose]: vi.fn() };
  const open = vi.fn();
  const window = { isDestroyed: () => false, isFocused: () => isFocused };
  const following = followDeviceAlerts({ waiting, window, open, notifier });
  return { waiting, notifier, open, following };
}

describe('a device that waits', () => {
  it('is told with who asks and the words of its key, and a click opens the question', () => {
    const { waiting, notifier, open, following } = follow(false);
    waiting.set(forge);
    expect(notifier.show).toHaveBeenCalledExactlyOnceWith(
      forge.id,
      {
        title: 'forge asks to be let in as station',
        body: 'Linux x64, 10.0.0.7\nIts key: babab-babab-babab-babab-babab-babab',
      },
      open,
    );
    waiting.delete(forge.id);
    expect(notifier.withdraw).toHaveBeenCalledExactlyOnceWith(forge.id);
    following[Symbol.dispose]();
    waiting.set(forge);
    expect(notifier.show).toHaveBeenCalledTimes(1);
  });

  it('is not told twice to who looks at the window', () => {
    const { waiting, notifier } = follow(true);
    waiting.set(forge);
    expect(notifier.show).not.toHaveBeenCalled();
  });
});
