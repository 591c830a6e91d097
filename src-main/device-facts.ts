import { present } from '../src-shared/present.ts';
import type { DeviceView } from '../src-shared/views/device.ts';
import type { WorkView } from '../src-shared/views/work.ts';
import type { DeviceFacts } from './access/access-list.ts';
import type { Device } from './access/roster.ts';
import type { Violations } from './access/violations.ts';
import { connzSchema, readMonitor } from './hub/monitor-client.ts';
import type { Registry } from './mesh/registry.ts';

/** More names than these make a list of devices too large for one message. */
const MAX_NAMES = 50;

export interface DeviceFactSources {
  monitorUrl: string | undefined;
  registry: Registry | undefined;
  /** Every work that the lattice remembers. */
  works: readonly WorkView[];
  violations: Pick<Violations, 'of'>;
}

/** What hub, registry and log know of devices now: who is connected by the key it proved, from where, and what it did. */
export async function deviceFacts(
  devices: readonly Device[],
  { monitorUrl, registry, works, violations }: DeviceFactSources,
): Promise<Map<string, DeviceFacts>> {
  const connections = monitorUrl === undefined ? [] : await connectionsOf(monitorUrl);
  const stations = new Map(registry?.stations.snapshot().map((station) => [station.id, station]));
  const agents = registry?.agents.snapshot() ?? [];
  const done = workByStation(works);
  return new Map(
    devices.map(({ id, key }) => {
      const connection = connections.find((one) => one.authorized_user === key);
      const station = stations.get(id);
      const isThere = connection !== undefined && station?.status !== 'offline';
      const names = isThere ? agents.filter((agent) => agent.station_id === id).map(({ name }) => name) : [];
      return [
        id,
        {
          connected: connection !== undefined,
          address: connection?.ip,
          last_seen: connection ? new Date().toISOString() : station?.last_heard,
          agents: isThere ? (station?.agent_count ?? 0) : 0,
          agent_names: names.sort().slice(0, MAX_NAMES),
          work: done.get(id) ?? { running: 0, completed: 0, failed: 0 },
          ...present({ refused: violations.of(key) }),
        },
      ];
    }),
  );
}

/** Where the one connection with this key comes from; nothing when there are several, or none. */
export async function addressOfKey(monitorUrl: string | undefined, key: string): Promise<string | undefined> {
  if (monitorUrl === undefined) return undefined;
  const [one, ...others] = (await connectionsOf(monitorUrl)).filter((each) => each.authorized_user === key);
  return others.length === 0 ? one?.ip : undefined;
}

/** The works of each station by how they stand: those it has now, and those that ended on it. */
export function workByStation(
  works: readonly WorkView[],
): Map<string, { running: number; completed: number; failed: number }> {
  const found = new Map<string, NonNullable<DeviceView['work']>>();
  for (const { station_id: station, status } of works) {
    const kind = WORK_KINDS[status];
    if (station === undefined || kind === undefined) continue;
    const counts = found.get(station) ?? { running: 0, completed: 0, failed: 0 };
    counts[kind] += 1;
    found.set(station, counts);
  }
  return found;
}

const WORK_KINDS: Readonly<Partial<Record<WorkView['status'], keyof NonNullable<DeviceView['work']>>>> = {
  accepted: 'running',
  completed: 'completed',
  failed: 'failed',
};

async function connectionsOf(monitorUrl: string) {
  try {
    return (await readMonitor(monitorUrl, '/connz?auth=1&limit=10000', connzSchema)).connections;
  } catch {
    // While the hub restarts nobody is connected.
    return [];
  }
}
