import { describe, expect, it } from 'vitest';
import type { WorkView } from '../src-shared/views/work.ts';
import { deviceFacts, workByStation } from './device-facts.ts';

const work = (status: WorkView['status'], station_id?: string): WorkView => ({
  id: 'w',
  task: 'go',
  status,
  priority: 3,
  attempt: 1,
  attempts_allowed: 3,
  run_id: 'w',
  requested_by: 'anna',
  created_at: '2026-01-01T00:00:00Z',
  queued_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  revision: 1,
  ...(station_id === undefined ? {} : { station_id }),
});

const works = [
  work('accepted', 'forge'),
  work('completed', 'forge'),
  work('completed', 'forge'),
  work('failed', 'forge'),
  work('cancelled', 'forge'),
  work('completed', 'atlas'),
  work('assigned'),
];

describe('what a device did', () => {
  it('is counted by the station that had the work', () => {
    expect(Object.fromEntries(workByStation(works))).toEqual({
      forge: { running: 1, completed: 2, failed: 1 },
      atlas: { running: 0, completed: 1, failed: 0 },
    });
  });

  it('is known, with what it was refused, while nothing is known of its connection', async () => {
    const refused = { count: 2, last: 'listen to >', at: '2026-01-01T00:00:00Z' };
    const device = {
      id: 'forge',
      key: 'U1',
      former_keys: [],
      name: 'forge',
      role: 'station' as const,
      version: '1',
      platform: 'Linux x64',
      joined_at: '2026-01-01T00:00:00Z',
    };
    const facts = await deviceFacts([device, { ...device, id: 'new', key: 'U2' }], {
      monitorUrl: undefined,
      registry: undefined,
      works,
      violations: { of: (key) => (key === 'U1' ? refused : undefined) },
    });
    expect(facts.get('forge')).toMatchObject({
      connected: false,
      agents: 0,
      refused,
      work: { running: 1, completed: 2, failed: 1 },
    });
    expect(facts.get('new')).toMatchObject({ work: { running: 0, completed: 0, failed: 0 } });
    expect(facts.get('new')).not.toHaveProperty('refused');
  });
});
