import { MeshIndex } from '../src-main/mesh/mesh-index.ts';
import { route } from '../src-main/mesh/router.ts';
import type { AgentInfo } from '../src-shared/protocol/agent.ts';
import { type BenchResult, compared } from './result.ts';

const STATIONS = 1_000;
const AGENTS = 20;
const NAMES = 2_000;
const ROUTES = 50_000;

/** 1,000 stations with 20 agents each in the index: time to put one in, and to choose where a call goes. */
export async function bench(): Promise<BenchResult[]> {
  const index = new MeshIndex();
  const started = performance.now();
  for (let station = 0; station < STATIONS; station++) register(index, station);
  const registered = (performance.now() - started) / STATIONS;
  const names = Array.from({ length: ROUTES }, (_, call) => `agent-${(call * 7_919) % NAMES}`);
  const plain = new Map(names.map((name) => [name, name]));
  const lookup = timePerCall(names, (name) => plain.get(name));
  const routing = timePerCall(names, (name) => route(index, { agent: name }));
  return [
    { name: 'register a station with 20 agents', unit: 'us', value: round(registered * 1_000) },
    compared({
      name: `route among ${STATIONS} stations x ${AGENTS} agents`,
      unit: 'us',
      value: round(routing),
      baseline: { name: 'one Map lookup by the same names', value: round(lookup) },
      bar: '< 20 us',
    }),
  ];
}

function register(index: MeshIndex, station: number): void {
  const id = `station-${station}`;
  index.setFacts({
    id,
    name: id,
    status: 'online',
    active: true,
    isSelf: station === 0,
    load: { running: station % 8, capacity: 8, queued: 0, cpu: (station % 100) / 100, memory: 0.5 },
    lastHeardAt: Date.now(),
  });
  index.setAgents(
    id,
    Array.from({ length: AGENTS }, (_, agent) => agentInfo(`agent-${(station * AGENTS + agent) % NAMES}`)),
  );
}

function agentInfo(name: string): AgentInfo {
  return {
    name,
    description: 'An agent of the benchmark',
    capabilities: ['bench'],
    runner: 'command',
    digest: '0'.repeat(64),
    registered_at: '2026-01-01T00:00:00.000Z',
  };
}

/** Microseconds per call, the best of five rounds. */
function timePerCall(names: readonly string[], call: (name: string) => unknown): number {
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (const name of names) call(name);
    return ((performance.now() - start) * 1_000) / names.length;
  });
  return Math.min(...rounds);
}

const round = (value: number) => Number(value.toFixed(3));
