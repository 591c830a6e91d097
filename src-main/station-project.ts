import { LiveMap, type LiveSource } from '../src-shared/live.ts';
import type { AgentInfo } from '../src-shared/protocol/agent.ts';
import { type AgentEngine, openAgentEngine } from './agent-engine.ts';
import { Catalog } from './agents/catalog.ts';
import { hasVariable, LatticeConfig } from './config/lattice-config.ts';
import type { Paths } from './config/paths.ts';
import type { StationConfig } from './config/setting-table.ts';
import { claimStationHome, type StationHome } from './config/station-home.ts';
import type { Notify } from './hooks/hook.ts';
import { loadIdentity, type StationIdentity } from './mesh/identity.ts';

/** A project folder taken by this process: who its station is and what it offers. */
export interface StationProject extends AsyncDisposable {
  dir: string;
  home: StationHome;
  identity: StationIdentity;
  /** What lattice.yaml says, live. */
  config: LatticeConfig;
  catalog: Catalog;
  /** What runs its agents. */
  agents: AgentEngine;
  /** What the mesh hears of the catalog. */
  offered: LiveSource<AgentInfo>;
}

/** Takes the station of a project folder and starts to watch its agents. @throws LatticeError `conflict`, `io_failed`. */
export async function openProject(options: {
  paths: Paths;
  config: StationConfig;
  projectDir: string;
  /** How hooks reach a person. */
  notify?: Notify | undefined;
}): Promise<StationProject> {
  const home = await claimStationHome(options.paths.dataDir, options.projectDir);
  try {
    const { station_id: id, station_name: name } = options.config;
    const identity = id === undefined ? await loadIdentity({ dataDir: home.dir, name }) : { id, name };
    const { projectDir, paths, notify } = options;
    const config = await LatticeConfig.open({
      projectDir,
      configDir: paths.configDir,
      hasVariable: hasVariable(process.env),
    });
    const catalog = new Catalog({ config, dataDir: home.dir });
    const agents = await openAgentEngine({
      paths,
      env: process.env,
      folder: projectDir,
      config,
      notify,
      definitions: () => catalog.definitions.value,
      onProblem: (problem) => catalog.note('agents:engine', 'Models cannot be counted or reached', problem),
    });
    const offered = new LiveMap<AgentInfo>((agent) => agent.name);
    const offer = () => {
      const infos = catalog.definitions.value.map((definition) => definition.info);
      const names = new Set(infos.map((info) => info.name));
      offered.apply(
        infos,
        offered.snapshot().flatMap((info) => (names.has(info.name) ? [] : [info.name])),
      );
    };
    offer();
    const watching = catalog.definitions.on(offer);
    return {
      dir: options.projectDir,
      home,
      identity,
      config,
      catalog,
      agents,
      offered,
      async [Symbol.asyncDispose]() {
        watching[Symbol.dispose]();
        await agents[Symbol.asyncDispose]();
        await catalog[Symbol.asyncDispose]();
        await config[Symbol.asyncDispose]();
        await home[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await home[Symbol.asyncDispose]();
    throw error;
  }
}
