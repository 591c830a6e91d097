import type { DeviceFacts } from './access/access.ts';
import type { Device } from './access/roster.ts';
import { connzSchema, readMonitor } from './hub/monitor-client.ts';
import type { Registry } from './mesh/registry.ts';

/** What hub and registry know of devices now: who is connected by the key it proved, from where, with how many agents. */
export async function deviceFacts(
  monitorUrl: string | undefined,
  devices: readonly Device[],
  registry: Registry | undefined,
): Promise<Map<string, DeviceFacts>> {
  const connections = monitorUrl === undefined ? [] : await connectionsOf(monitorUrl);
  const stations = new Map(registry?.stations.snapshot().map((station) => [station.id, station]));
  return new Map(
    devices.map(({ id, key }) => {
      const connection = connections.find((one) => one.authorized_user === key);
      const station = stations.get(id);
      const last_seen = connection ? new Date().toISOString() : station?.last_heard;
      const agents = connection && station?.status !== 'offline' ? (station?.agent_count ?? 0) : 0;
      return [id, { connected: connection !== undefined, address: connection?.ip, last_seen, agents }];
    }),
  );
}

async function connectionsOf(monitorUrl: string) {
  try {
    return (await readMonitor(monitorUrl, '/connz?auth=1&limit=10000', connzSchema)).connections;
  } catch {
    // While the hub restarts nobody is connected.
    return [];
  }
}
