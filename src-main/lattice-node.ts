import { LatticeError } from '../src-shared/errors.ts';
import { LiveLog, LiveMap, LiveValue } from '../src-shared/live.ts';
import type { HubMetrics } from '../src-shared/views/hub.ts';
import type { AgentView, StationView } from '../src-shared/views/mesh.ts';
import type { NodeView } from '../src-shared/views/node.ts';
import type { RunView } from '../src-shared/views/run.ts';
import type { Settings } from '../src-shared/views/settings.ts';
import type { AppServices, CreateServices } from './app-services.ts';

/** Builds the services of a node that does nothing yet: every call answers `unsupported`. */
export const createServices: CreateServices = async ({ paths, version }): Promise<AppServices> => {
  const refuse = (): never => {
    throw new LatticeError('unsupported', 'This build has no station yet.');
  };
  const now = new Date().toISOString();
  const node = new LiveValue<NodeView>({
    mode: 'idle',
    lattice_name: 'Lattice',
    org: 'default',
    station_id: 'none',
    station_name: 'none',
    version,
    project_dir: paths.dataDir,
    connection: { state: 'disconnected', since: now, attempt: 0 },
    problems: [],
  });
  const values: Settings = {
    station_name: 'none',
    lattice_name: 'Lattice',
    port: 4222,
    http_port: 8222,
    max_parallel: 4,
    project_dir: paths.dataDir,
    theme: 'system',
    density: 'compact',
    single_key_shortcuts: true,
    keep_in_tray: false,
  };
  const settings = new LiveValue<Settings>(values);
  return {
    node,
    settings,
    calls: {
      'app.checks': () => [],
      'node.host': refuse,
      'node.join': refuse,
      'node.standalone': refuse,
      'node.leave': refuse,
      'node.reconnect': refuse,
      'hub.start': refuse,
      'hub.stop': refuse,
      'hub.restart': refuse,
      'hub.share': refuse,
      'agents.route': () => [],
      'runs.start': refuse,
      'runs.cancel': refuse,
      'settings.get': () => ({ values: settings.value, origins: {} }),
      'settings.set': (change) => {
        settings.set({ ...settings.value, ...change } as Settings);
        return settings.value;
      },
    },
    streams: {
      'node.watch': () => node,
      'stations.watch': () => new LiveMap<StationView>(({ id }) => id),
      'agents.watch': () => new LiveMap<AgentView>((agent) => `${agent.station_id}/${agent.name}`),
      'events.watch': () => new LiveLog(100),
      'runs.watch': () => new LiveMap<RunView>(({ id }) => id),
      'runs.output': ({ id }) => {
        throw new LatticeError('not_found', `There is no run ${id}.`);
      },
      'hub.metrics': () => new LiveMap<HubMetrics>(() => 'hub'),
      'hub.log': () => new LiveLog(100),
    },
    runningCalls: () => 0,
    pathOf: () => undefined,
    autoStart: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
};
