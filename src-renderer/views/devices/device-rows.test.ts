import { describe, expect, it } from 'vitest';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { deviceState, filterDevices } from './device-rows.ts';

const forge: DeviceView = {
  id: 'forge',
  name: 'Forge',
  role: 'station',
  key: 'U',
  joined_at: '2026-01-01T00:00:00Z',
  connected: true,
  address: '10.0.0.7',
  version: '0.1.0',
  platform: 'Linux x64',
  agents: 2,
};

describe('devices', () => {
  it('say how they are', () => {
    expect(deviceState(forge).word).toBe('Connected');
    expect(deviceState({ ...forge, connected: false }).word).toBe('Away');
    expect(deviceState({ ...forge, connected: false, revoked_at: forge.joined_at }).word).toBe('Taken back');
  });

  it('are found by every word that is typed', () => {
    const atlas = { ...forge, id: 'atlas', name: 'Atlas', role: 'viewer' as const, connected: false };
    const found = (text: string) => filterDevices([forge, atlas], text).map(({ id }) => id);
    expect(found('')).toEqual(['forge', 'atlas']);
    expect(found('viewer away')).toEqual(['atlas']);
    expect(found('10.0 FORGE')).toEqual(['forge']);
    expect(found('forge viewer')).toEqual([]);
  });
});
