import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { count } from '../../ui/format.ts';
import type { Status } from '../../ui/status.ts';

/** How a device is now, as a glyph and a word. */
export function deviceState(device: DeviceView): { status: Status; word: string } {
  if (device.revoked_at !== undefined)
    return { status: 'cancelled', word: device.left === true ? 'Left' : 'Taken back' };
  return device.connected ? { status: 'online', word: 'Connected' } : { status: 'offline', word: 'Away' };
}

/** The works of a device in words: what runs, what is done, and what failed when something did. */
export function workWords({ work }: Pick<DeviceView, 'work'>): string {
  if (work === undefined) return '';
  const { running, completed, failed } = work;
  const parts = [
    ...(running > 0 ? [`${count(running)} running`] : []),
    ...(completed > 0 ? [`${count(completed)} done`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
  ];
  return parts.length === 0 ? 'None' : parts.join(', ');
}

/** Orders devices by how much they did. */
export function byWork(a: DeviceView, b: DeviceView): number {
  const done = ({ work }: DeviceView) =>
    work === undefined ? 0 : work.completed + work.failed + work.running;
  return done(a) - done(b);
}

/** Orders devices by name, those without access any more last. */
export function byAccess(a: DeviceView, b: DeviceView): number {
  return (
    Number(a.revoked_at !== undefined) - Number(b.revoked_at !== undefined) || a.name.localeCompare(b.name)
  );
}

/** The devices that hold every word of a filter in their name, role, state, address, version or agents. */
export function filterDevices(devices: readonly DeviceView[], text: string): readonly DeviceView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return devices.filter((device) => {
    const { name, role, address = '', version, platform, fingerprint, agent_names = [] } = device;
    const state = deviceState(device).word;
    const all = [name, roleWords[role].title, state, address, version, platform, fingerprint, ...agent_names];
    const hay = all.join(' ').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}
