import { describe, expect, it } from 'vitest';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { matchesStation, systemText, withSamples } from './station-facts.ts';

function station(more: Partial<StationView> = {}): StationView {
  return {
    id: 'st-1',
    name: 'forge',
    status: 'online',
    status_since: '2026-11-20T08:00:00.000Z',
    last_heard: '2026-11-20T08:00:00.000Z',
    is_self: false,
    hosts_hub: false,
    version: '1.2.3',
    started_at: '2026-11-20T08:00:00.000Z',
    platform: { os: 'linux', arch: 'x64', cores: 1, memory_bytes: 2 ** 30, hostname: 'box' },
    load: { running: 1, capacity: 4, queued: 0, cpu: 0.5, memory: 0.25 },
    agent_count: 0,
    ...more,
  };
}

describe('stations', () => {
  it('are found by name, system, version and state', () => {
    const found = (text: string, status = '') => matchesStation(station(), { text, status });
    expect([found(''), found('FOR 1.2'), found('linux box'), found('', 'online')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([found('mac'), found('', 'late')]).toEqual([false, false]);
  });

  it('say their system in a line', () => {
    expect(systemText(station())).toBe('Linux, 1 core, 1.0 GiB');
  });
});

describe('the course of load', () => {
  it('takes one sample per heartbeat', () => {
    const first = withSamples(new Map(), [station()]);
    expect(first.get('st-1')).toEqual([
      { at: '2026-11-20T08:00:00.000Z', cpu: 0.5, memory: 0.25, busy: 0.25 },
    ]);
    expect(withSamples(first, [station()])).toBe(first);
    const second = withSamples(first, [station({ last_heard: '2026-11-20T08:00:10.000Z' })]);
    expect(second.get('st-1')).toHaveLength(2);
  });

  it('takes none of a station that is offline, and no share of no slots', () => {
    expect(withSamples(new Map(), [station({ status: 'offline' })]).size).toBe(0);
    const load = { running: 0, capacity: 0, queued: 0, cpu: 0, memory: 0 };
    expect(withSamples(new Map(), [station({ load })]).get('st-1')?.[0]?.busy).toBe(0);
  });

  it('keeps the last 60', () => {
    let courses = withSamples(new Map(), []);
    for (let second = 0; second < 200; second++)
      courses = withSamples(courses, [station({ last_heard: new Date(second * 1_000).toISOString() })]);
    expect(courses.get('st-1')).toHaveLength(60);
    expect(courses.get('st-1')?.at(-1)?.at).toBe('1970-01-01T00:03:19.000Z');
  });
});
