import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import type { Status } from '../../ui/status.ts';

/** How a device is now, as a glyph and a word. */
export function deviceState(device: DeviceView): { status: Status; word: string } {
  if (device.revoked_at !== undefined) return { status: 'cancelled', word: 'Taken back' };
  return device.connected ? { status: 'online', word: 'Connected' } : { status: 'offline', word: 'Away' };
}

/** The devices that hold every word of a filter in their name, role, state, address or version. */
export function filterDevices(devices: readonly DeviceView[], text: string): readonly DeviceView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return devices.filter((device) => {
    const { name, role, address = '', version, platform } = device;
    const all = [name, roleWords[role].title, deviceState(device).word, address, version, platform];
    const hay = all.join(' ').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}
