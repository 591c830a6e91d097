import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import type { StationStatus } from '../../src-shared/protocol/station.ts';
import { MeshIndex } from './mesh-index.ts';
import { type RouteQuery, route } from './router.ts';
import { agentInfo } from './test-station.ts';

interface StationSpec {
  id: string;
  name?: string;
  status?: StationStatus;
  active?: boolean;
  isSelf?: boolean;
  running?: number;
  capacity?: number;
  queued?: number;
  cpu?: number;
  agents?: AgentInfo[];
}

const HEARD = new Date(2026, 10, 1, 14, 29, 2).getTime();

function put(index: MeshIndex, spec: StationSpec): void {
  const { running = 0, capacity = 8, queued = 0, cpu = 0 } = spec;
  index.setFacts({
    id: spec.id,
    name: spec.name ?? spec.id,
    status: spec.status ?? 'online',
    active: spec.active ?? true,
    isSelf: spec.isSelf ?? false,
    load: { running, capacity, queued, cpu, memory: 0 },
    lastHeardAt: HEARD,
  });
  index.setAgents(spec.id, spec.agents ?? [agentInfo('echo')]);
}

function meshOf(...specs: StationSpec[]): MeshIndex {
  const index = new MeshIndex();
  for (const spec of specs) put(index, spec);
  return index;
}

function refusal(index: MeshIndex, query: RouteQuery, excluded?: ReadonlyMap<string, string>): LatticeError {
  try {
    route(index, query, excluded);
  } catch (error) {
    if (error instanceof LatticeError) return error;
  }
  throw new Error('This should have been refused.');
}

const other = 'b'.repeat(64);
const reasons = (found: { candidates: { station_id: string; reason: string }[] }) =>
  Object.fromEntries(found.candidates.map((candidate) => [candidate.station_id, candidate.reason]));

describe('where a call goes', () => {
  it('takes this machine while it has a free slot, then the lowest load', () => {
    const index = meshOf(
      { id: 'self', isSelf: true, running: 7 },
      { id: 'forge', running: 3 },
      { id: 'anvil', running: 5 },
    );
    expect(route(index, { agent: 'echo' }).choice).toMatchObject({ stationId: 'self', isSelf: true });
    put(index, { id: 'self', isSelf: true, running: 8 });
    const found = route(index, { agent: 'echo' });
    expect(found.choice.stationId).toBe('forge');
    expect(reasons(found)).toEqual({
      self: '8 of 8 busy',
      forge: '3 of 8 busy, lowest load of 3',
      anvil: '5 of 8 busy',
    });
  });

  it('breaks ties by cpu, then by id', () => {
    const index = meshOf({ id: 'b', cpu: 0.5 }, { id: 'a', cpu: 0.5 }, { id: 'c', cpu: 0.1 });
    expect(route(index, { agent: 'echo' }).choice.stationId).toBe('c');
    put(index, { id: 'c', cpu: 0.9 });
    expect(route(index, { agent: 'echo' }).choice.stationId).toBe('a');
  });

  it('counts calls on their way that a heartbeat does not show yet', () => {
    const index = meshOf({ id: 'a' }, { id: 'b' });
    index.station('a')?.countInFlight(1);
    expect(route(index, { agent: 'echo' }).choice.stationId).toBe('b');
  });

  it('takes a late station only when none is online', () => {
    const index = meshOf({ id: 'a', status: 'late' }, { id: 'b', running: 8 });
    expect(route(index, { agent: 'echo' }).choice.stationId).toBe('b');
    put(index, { id: 'b', status: 'offline' });
    const found = route(index, { agent: 'echo' });
    expect(reasons(found)).toEqual({
      a: 'late, last heard 14:29:02, none is online',
      b: 'offline, last heard 14:29:02',
    });
  });

  it('finds a station by id, by name, and in station/agent', () => {
    const index = meshOf({ id: 'id-1', name: 'my forge' }, { id: 'id-2', running: 1 });
    for (const query of [
      { agent: 'echo', station: 'id-1' },
      { agent: 'echo', station: 'my forge' },
      { agent: 'my forge/echo' },
      { agent: 'id-1/echo', station: 'id-1' },
      { capability: 'demo', station: 'id-1' },
    ])
      expect(route(index, query).choice.stationId).toBe('id-1');
    expect(refusal(index, { agent: 'id-1/echo', station: 'id-2' }).code).toBe('invalid_input');
    expect(refusal(index, { agent: 'nowhere/echo' }).message).toBe(
      'No station nowhere is known on this lattice.',
    );
    put(index, { id: 'id-3', name: 'my forge' });
    const twice = refusal(index, { agent: 'my forge/echo' });
    expect(twice).toMatchObject({ code: 'conflict', details: { stations: ['id-1', 'id-3'] } });
  });

  it('goes by capability over all agents that declare it', () => {
    const index = meshOf(
      { id: 'a', running: 4, agents: [agentInfo('one', { capabilities: ['k8s'] })] },
      { id: 'b', running: 1, agents: [agentInfo('two', { capabilities: ['k8s', 'k8s'] })] },
    );
    expect(route(index, { capability: 'k8s' }).choice).toMatchObject({ stationId: 'b', agent: 'two' });
    put(index, { id: 'b', agents: [] });
    expect(route(index, { capability: 'k8s' }).choice.stationId).toBe('a');
    expect(refusal(index, { capability: 'gpu' }).message).toBe(
      'No station has an agent with the capability gpu.',
    );
  });

  it('lists every candidate with its reason when nobody can take it', () => {
    const index = meshOf(
      { id: 'a', status: 'offline' },
      { id: 'b' },
      { id: 'c', agents: [agentInfo('rare')] },
    );
    const error = refusal(index, { agent: 'echo' }, new Map([['b', 'does not answer calls']]));
    expect(error.code).toBe('no_candidate');
    expect(reasons({ candidates: candidatesOf(error) })).toEqual({
      a: 'offline, last heard 14:29:02',
      b: 'does not answer calls',
      c: 'does not offer echo',
    });
    expect(refusal(index, { agent: 'k8s-admin' }).message).toBe('No station offers k8s-admin.');
    expect(refusal(index, { agent: 'b/rare' }).message).toBe('b cannot take rare: does not offer rare.');
    expect(refusal(index, { agent: 'a/echo' }).message).toBe(
      'a cannot take echo: offline, last heard 14:29:02.',
    );
  });

  it('names at most a hundred', () => {
    const index = meshOf(...Array.from({ length: 150 }, (_, n) => ({ id: `s${n}` })));
    const error = refusal(index, { agent: 'absent' });
    expect(candidatesOf(error)).toHaveLength(100);
    expect(error.details).toMatchObject({ more: 50 });
  });
});

describe('one name with two definitions', () => {
  const older = agentInfo('echo', { registered_at: '2026-11-01T00:00:00Z' });
  const newer = agentInfo('echo', { registered_at: '2026-11-01T00:00:00.001Z', digest: other });

  it('leaves the bare name to the older one; the newer is reached by its station', () => {
    const index = meshOf(
      { id: 'a', running: 7, agents: [older] },
      { id: 'b', isSelf: true, agents: [newer] },
    );
    const found = route(index, { agent: 'echo' });
    expect(found.choice.stationId).toBe('a');
    expect(reasons(found)).toMatchObject({ b: 'another definition of echo, reached as b/echo' });
    expect(route(index, { agent: 'b/echo' }).choice.stationId).toBe('b');
  });

  it('keeps the name while the holder is only silent, and frees it when the holder left', () => {
    const index = meshOf({ id: 'a', agents: [older], status: 'offline' }, { id: 'b', agents: [newer] });
    expect(refusal(index, { agent: 'echo' }).code).toBe('no_candidate');
    put(index, { id: 'a', agents: [older], status: 'offline', active: false });
    expect(route(index, { agent: 'echo' }).choice.stationId).toBe('b');
  });

  it('is one agent with replicas when the definition is the same', () => {
    const index = meshOf(
      { id: 'a', agents: [older] },
      { id: 'b', agents: [{ ...newer, digest: older.digest }] },
    );
    expect(index.agent('echo')).toMatchObject({ contested: false });
  });

  it('has one holder on every observer, in whatever order it hears', () => {
    const station = fc.record({
      digest: fc.constantFrom('a'.repeat(64), other, 'c'.repeat(64)),
      at: fc.integer({ min: 0, max: 3 }),
      active: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(station, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (stations, rolls) => {
          const specs = stations.map(({ digest, at, active }, n) => ({
            id: `s${n}`,
            active,
            agents: [agentInfo('echo', { digest, registered_at: `2026-11-01T00:00:00.00${at}Z` })],
          }));
          const shuffled = specs
            .map((spec) => ({ spec, roll: Number(rolls.next().value) }))
            .sort((x, y) => x.roll - y.roll)
            .map(({ spec }) => spec);
          const [first, second] = [meshOf(...specs), meshOf(...shuffled, ...shuffled)];
          const view = (index: MeshIndex) => {
            const group = index.agent('echo');
            const conflicted = group?.replicas.filter((replica) => replica.conflicted) ?? [];
            return [
              group?.holder?.station.facts.id,
              conflicted.map((replica) => replica.station.facts.id).sort(),
            ];
          };
          expect(view(first)).toEqual(view(second));
        },
      ),
    );
  });
});

describe('for any mesh', () => {
  const spec = fc.record({
    status: fc.constantFrom<StationStatus>('online', 'late', 'offline'),
    running: fc.nat({ max: 9 }),
    capacity: fc.nat({ max: 8 }),
    cpu: fc.constantFrom(0, 0.5, 1),
    queued: fc.nat({ max: 3 }),
    offers: fc.boolean(),
  });

  it('takes an allowed candidate and no other allowed one is better', () => {
    fc.assert(
      fc.property(fc.array(spec, { maxLength: 12 }), fc.option(fc.nat({ max: 11 })), (specs, self) => {
        const index = meshOf(
          ...specs.map(({ offers, ...rest }, n) => ({
            ...rest,
            id: `s${String(n).padStart(2, '0')}`,
            isSelf: n === self,
            agents: offers ? [agentInfo('echo')] : [],
          })),
        );
        const usable = [...index.stations.values()].filter(
          (entry) => entry.replicas.has('echo') && entry.facts.status !== 'offline',
        );
        if (usable.length === 0) {
          const error = refusal(index, { agent: 'echo' });
          expect(candidatesOf(error)).toHaveLength(specs.length);
          return;
        }
        const { choice, candidates } = route(index, { agent: 'echo' });
        const chosen = index.station(choice.stationId);
        if (!chosen || !usable.includes(chosen)) throw new Error('not allowed');
        expect(candidates.filter((candidate) => candidate.chosen)).toHaveLength(1);
        if (usable.some((entry) => entry.facts.status === 'online'))
          expect(chosen.facts.status).toBe('online');
        const free = usable.find(
          ({ facts }) =>
            facts.isSelf && facts.status === 'online' && facts.load.running < facts.load.capacity,
        );
        if (free) expect(chosen).toBe(free);
        else {
          const weight = ({ facts: { load } }: (typeof usable)[number]) =>
            load.capacity > 0 ? (load.running + load.queued) / load.capacity : Number.MAX_SAFE_INTEGER;
          for (const entry of usable.filter(({ facts }) => facts.status === chosen.facts.status))
            expect(weight(chosen)).toBeLessThanOrEqual(weight(entry));
        }
      }),
    );
  });

  it('answers fast with 1,000 stations of 20 agents, each on every station', () => {
    const index = new MeshIndex();
    const agents = Array.from({ length: 20 }, (_, n) => agentInfo(`agent-${n}`));
    for (let n = 0; n < 1_000; n++) put(index, { id: `s${n}`, running: n % 8, cpu: (n % 10) / 10, agents });
    const start = performance.now();
    for (let n = 0; n < 2_000; n++) route(index, { agent: `agent-${n % 20}` });
    const micros = ((performance.now() - start) / 2_000) * 1_000;
    process.stdout.write(`route over 1,000 replicas: ${micros.toFixed(1)} µs\n`);
    expect(micros).toBeLessThan(2_000);
  });
});

function candidatesOf(error: LatticeError): { station_id: string; reason: string }[] {
  const listed: unknown = error.details?.candidates;
  return Array.isArray(listed) ? listed : [];
}
