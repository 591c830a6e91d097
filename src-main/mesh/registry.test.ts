import { beforeEach, describe, expect, it } from 'vitest';
import type { LiveDelta } from '../../src-shared/live.ts';
import type { AgentView } from '../../src-shared/views/mesh.ts';
import { MeshLog } from './mesh-log.ts';
import { Registry } from './registry.ts';
import { agentInfo, manifest } from './test-station.ts';
import { DEFAULT_TIMING } from './timing.ts';

let now = 0;
let registry: Registry;

const kinds = () => registry.events.snapshot().map((event) => event.kind);
const status = (id: string) => registry.stations.get(id)?.status;
const load = manifest('x').load;

function advance(seconds: number): void {
  now += seconds * 1_000;
  registry.sweep();
}

beforeEach(() => {
  now = 1_000_000;
  const log = new MeshLog({ now: () => now });
  registry = new Registry({ selfId: 'self', timing: DEFAULT_TIMING, log, now: () => now });
  registry.load([]);
});

describe('the status of a station', () => {
  it('is online to 15 s after its last heartbeat, late to 30 s, then offline, and back on the next', () => {
    registry.upsert(manifest('a'));
    advance(15);
    expect(status('a')).toBe('online');
    advance(0.5);
    expect(status('a')).toBe('late');
    advance(14.5);
    expect(status('a')).toBe('late');
    advance(0.5);
    expect(status('a')).toBe('offline');
    registry.heard('a', load);
    expect(status('a')).toBe('online');
    expect(kinds()).toEqual(['station.joined', 'station.late', 'station.offline', 'station.returned']);
  });

  it('comes from the age of what is stored when nothing was heard yet', () => {
    registry.load([
      { manifest: manifest('fresh'), ageMs: 9_000 },
      { manifest: manifest('late'), ageMs: 20_000 },
      { manifest: manifest('dead'), ageMs: 40_000 },
      { manifest: manifest('gone', [], { status: 'offline' }), ageMs: 1_000 },
    ]);
    expect(['fresh', 'late', 'dead', 'gone'].map(status)).toEqual(['online', 'late', 'offline', 'offline']);
    advance(6.5);
    expect(status('fresh')).toBe('late');
  });

  it('does not depend on the clock of the sender', () => {
    registry.upsert(manifest('a', [], { last_seen: '1970-01-01T00:00:00Z' }));
    registry.upsert(manifest('b', [], { last_seen: '2999-01-01T00:00:00Z' }));
    advance(16);
    expect([status('a'), status('b')]).toEqual(['late', 'late']);
  });

  it('is not renewed by a record alone', () => {
    registry.upsert(manifest('a'));
    advance(20);
    registry.stored(manifest('a'), 25_000);
    expect(status('a')).toBe('late');
  });

  it('turns offline at once on a goodbye, and a heartbeat after it counts', () => {
    registry.upsert(manifest('a'));
    registry.left('a', 'closing');
    registry.left('a', 'closing');
    expect(status('a')).toBe('offline');
    advance(60);
    expect(kinds()).toEqual(['station.joined', 'station.left']);
    registry.heard('a', load);
    expect(status('a')).toBe('online');
  });

  it('ages while the connection is lost, but nothing is claimed until it is back', () => {
    registry.upsert(manifest('a'));
    registry.upsert(manifest('b'));
    registry.setConnected(false);
    advance(40);
    expect([status('a'), status('b')]).toEqual(['offline', 'offline']);
    registry.load([
      { manifest: manifest('a'), ageMs: 1_000 },
      { manifest: manifest('b'), ageMs: 41_000 },
    ]);
    registry.setConnected(true);
    advance(0.5);
    expect([status('a'), status('b')]).toEqual(['online', 'offline']);
    expect(kinds().slice(2)).toEqual(['connection.lost', 'connection.restored', 'station.offline']);
  });
});

describe('what changes', () => {
  it('tells joined, renamed, agents and removed, and shows them in one delta each', () => {
    registry.upsert(manifest('a', [agentInfo('one'), agentInfo('two')]));
    const deltas: LiveDelta<AgentView>[] = [];
    registry.agents.on((delta) => deltas.push(delta));
    registry.upsert(
      manifest('a', [agentInfo('one', { digest: 'f'.repeat(64) }), agentInfo('three')], {
        station_name: 'anvil',
      }),
    );
    expect(deltas).toHaveLength(1);
    expect(deltas[0]?.upserts.map(({ name }) => name).sort()).toEqual(['one', 'three']);
    expect(deltas[0]?.removes).toEqual(['a/two']);
    expect(registry.agents.get('a/one')).toMatchObject({ station_name: 'anvil', station_status: 'online' });
    registry.remove('a');
    expect([registry.stations.size, registry.agents.size, registry.index.stations.size]).toEqual([0, 0, 0]);
    expect(kinds()).toEqual([
      'station.joined',
      'station.renamed',
      'agent.registered',
      'agent.changed',
      'agent.deregistered',
      'station.left',
    ]);
  });

  it('moves agents with the status of their station', () => {
    registry.upsert(manifest('a', [agentInfo('one')]));
    advance(16);
    expect(registry.agents.get('a/one')?.station_status).toBe('late');
  });

  it('forgets on reload what is not stored any more, but never itself', () => {
    registry.upsert(manifest('a', [agentInfo('one')]));
    registry.upsert(manifest('self'));
    registry.load([]);
    expect(registry.stations.snapshot().map(({ id }) => id)).toEqual(['self']);
    expect(registry.agents.size).toBe(0);
  });

  it('costs nothing when nothing changed', () => {
    registry.upsert(manifest('a', [agentInfo('one')]));
    let deltas = 0;
    registry.agents.on(() => deltas++);
    registry.stations.on(() => deltas++);
    advance(1);
    expect(deltas).toBe(0);
    registry.upsert(manifest('a', [agentInfo('one')]));
    expect(deltas).toBe(1);
  });
});

describe('a contested name', () => {
  const older = agentInfo('echo', { registered_at: '2026-11-01T00:00:00Z', digest: '1'.repeat(64) });
  const newer = agentInfo('echo', { registered_at: '2026-11-02T00:00:00Z', digest: '2'.repeat(64) });

  it('shows both sides on both agents, in either order, and tells it once', () => {
    registry.upsert(manifest('b', [newer]));
    expect(registry.agents.get('b/echo')?.conflict).toBeUndefined();
    registry.upsert(manifest('a', [older]));
    registry.upsert(manifest('a', [older]));
    expect(registry.agents.get('a/echo')?.conflict).toEqual({
      holder_station_id: 'a',
      holder_station_name: 'name-of-a',
      holder_digest: older.digest,
      holds_name: true,
      others: [{ station_id: 'b', station_name: 'name-of-b', digest: newer.digest }],
    });
    expect(registry.agents.get('b/echo')?.conflict).toMatchObject({
      holder_station_id: 'a',
      holds_name: false,
      others: [{ station_id: 'a', digest: older.digest }],
    });
    const told = registry.events.snapshot().filter(({ kind }) => kind === 'agent.conflict');
    expect(told).toHaveLength(1);
    expect(told[0]?.detail).toContain('Call it as name-of-b/echo.');
  });

  it.each([
    ['leaves', () => registry.left('a', undefined)],
    ['is removed', () => registry.remove('a')],
    [
      'takes the other definition',
      () => registry.upsert(manifest('a', [{ ...older, digest: newer.digest }])),
    ],
  ])('is settled when the holder %s', (_what, act) => {
    registry.upsert(manifest('a', [older]));
    registry.upsert(manifest('b', [newer]));
    expect(registry.agents.get('b/echo')?.conflict).toBeDefined();
    act();
    expect(registry.agents.get('b/echo')?.conflict).toBeUndefined();
    expect(registry.agents.get('a/echo')?.conflict).toBeUndefined();
  });
});

describe('refused messages', () => {
  it('are told at once, then counted in a window', () => {
    const { log } = registry;
    for (let n = 0; n < 100; n++) log.refuse('announce', 'a', 'not JSON');
    log.refuse('announce', 'b', 'not JSON');
    now += 10_001;
    log.refuse('announce', 'a', 'not JSON');
    expect(registry.events.snapshot().map(({ detail }) => detail)).toEqual([
      'Refused announce of a: not JSON.',
      'Refused announce of b: not JSON.',
      'Refused announce of a: not JSON. 99 more like it came before.',
    ]);
    expect(log.refusedCount).toBe(102);
  });
});

it('takes in 1,000 stations of 20 agents and shows a change at once', () => {
  const agents = Array.from({ length: 20 }, (_, n) => agentInfo(`agent-${n}`));
  const stored = Array.from({ length: 1_000 }, (_, n) => ({ manifest: manifest(`s${n}`, agents), ageMs: 0 }));
  const start = performance.now();
  registry.load(stored);
  const loaded = performance.now();
  registry.upsert(manifest('s500', agents.slice(1)));
  const changed = performance.now();
  process.stdout.write(
    `load: ${(loaded - start).toFixed(0)} ms, change: ${(changed - loaded).toFixed(2)} ms\n`,
  );
  expect([registry.stations.size, registry.agents.size]).toEqual([1_000, 19_999]);
  expect(registry.agents.get('s500/agent-0')).toBeUndefined();
});
