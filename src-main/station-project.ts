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
import { openPolicy, type StationPolicy } from './station-policy.ts';
import { UsageService } from './usage/usage-service.ts';

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
  /** Who may run them, and what waits for the owner. */
  policy: StationPolicy;
  /** What its models cost. */
  usage: UsageService;
  /** What the mesh hears of the catalog. */
  offered: LiveSource<AgentInfo>;
  /** Takes changed settings: the name, and who may run what. */
  configure(config: StationConfig): void;
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
      checkPlugins: true,
    });
    const catalog = new Catalog({ config, dataDir: home.dir });
    const agents = await openAgentEngine({
      paths,
      env: process.env,
      folder: projectDir,
      config,
      notify,
      definitions: () => catalog.definitions.value,
      station: identity.id,
      onProblem: (problem) => catalog.note('agents:engine', 'Models cannot be counted or reached', problem),
    });
    const policy = await openPolicy({
      stationDir: home.dir,
      folder: projectDir,
      id: identity.id,
      config: { ...options.config, station_name: name },
      engine: agents.engine,
      definitions: () => catalog.definitions.value,
      onProblem: (problem) => catalog.note('agents:approval', 'An answer was not taken', problem),
    });
    const usage = new UsageService({
      log: agents.routing.usage,
      store: agents.routing.store,
      document: agents.document,
      station: { id: identity.id, name },
      onProblem: (problem) => catalog.note('agents:usage', 'What models cost cannot be read', problem),
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
      policy,
      usage,
      offered,
      configure: (changed) => {
        usage.rename(changed.station_name);
        policy.configure(changed);
      },
      async [Symbol.asyncDispose]() {
        watching[Symbol.dispose]();
        usage[Symbol.dispose]();
        await policy[Symbol.asyncDispose]();
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

/** What a project brings to the place of its station on a mesh; `hub` is the one that runs here. */
export function partsOf(
  { offered, catalog, policy, usage, agents, config }: StationProject,
  hub: Parameters<StationPolicy['gate']>[0],
) {
  return {
    offered,
    definition: (agent: string) => catalog.definition(agent),
    engine: policy.gate(hub),
    usage,
    hooks: agents.hooks,
    config,
  };
}
