import { describe, expect, it } from 'vitest';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { byAccess, byWork, deviceState, filterDevices, workWords } from './device-rows.ts';

const forge: DeviceView = {
  id: 'forge',
  name: 'Forge',
  role: 'station',
  key: 'U',
  fingerprint: 'babab-babab-babab-babab-babab-babab',
  joined_at: '2026-01-01T00:00:00Z',
  connected: true,
  address: '10.0.0.7',
  version: '0.1.0',
  platform: 'Linux x64',
  agents: 2,
  agent_names: ['counter', 'linter'],
};

describe('devices', () => {
  it('say how they are', () => {
    const gone = { ...forge, connected: false, revoked_at: forge.joined_at };
    expect(deviceState(forge).word).toBe('Connected');
    expect(deviceState({ ...forge, connected: false }).word).toBe('Away');
    expect(deviceState(gone).word).toBe('Taken back');
    expect(deviceState({ ...gone, left: true }).word).toBe('Left');
  });

  it('are found by every word that is typed', () => {
    const atlas = { ...forge, id: 'atlas', name: 'Atlas', role: 'viewer' as const, connected: false };
    const { agent_names: _none, ...rest } = atlas;
    const found = (text: string) => filterDevices([forge, rest], text).map(({ id }) => id);
    expect(found('')).toEqual(['forge', 'atlas']);
    expect(found('viewer away')).toEqual(['atlas']);
    expect(found('10.0 FORGE')).toEqual(['forge']);
    expect(found('linter')).toEqual(['forge']);
    expect(found('forge viewer')).toEqual([]);
  });

  it('come by name, without access last', () => {
    const named = (name: string, more = {}) => ({ ...forge, name, ...more });
    const gone = named('Anvil', { revoked_at: '2026-11-01T00:00:00Z' });
    const rows = [gone, named('zinc'), named('Beta'), named('alpha')].sort(byAccess);
    expect(rows.map(({ name }) => name)).toEqual(['alpha', 'Beta', 'zinc', 'Anvil']);
  });

  it('say what they did, and are ordered by it', () => {
    const done = { ...forge, work: { running: 2, completed: 1400, failed: 1 } };
    const idle = { ...forge, work: { running: 0, completed: 0, failed: 0 } };
    expect(workWords(done)).toBe('2 running, 1,400 done, 1 failed');
    expect(workWords(idle)).toBe('None');
    expect(workWords(forge)).toBe('');
    expect([done, idle, forge].sort(byWork)).toEqual([idle, forge, done]);
  });
});
