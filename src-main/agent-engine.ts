import type { LatticeError } from '../src-shared/errors.ts';
import type { RoutingDocument } from '../src-shared/routing/document.ts';
import { AcpRunner } from './agents/acp/acp-runner.ts';
import { CommandRunner } from './agents/command-runner.ts';
import { Engine } from './agents/engine.ts';
import { ModelRunner } from './agents/model/model-runner.ts';
import { withPromptAgents } from './agents/prompt-routing.ts';
import type { AgentDefinition, Runner } from './agents/runner.ts';
import type { LoadedLattice } from './config/lattice-config-files.ts';
import type { Paths } from './config/paths.ts';
import { LocalModels } from './gateway/local-models.ts';
import { LoopbackGateway } from './gateway/loopback-gateway.ts';
import { type Notify, silent } from './hooks/hook.ts';
import { ProjectHooks } from './project-hooks.ts';
import { type OpenRouting, openRouting } from './routing/open-routing.ts';

export interface AgentEngineOptions {
  paths: Pick<Paths, 'configDir' | 'dataDir'>;
  /** Where keys of providers and safe variables are taken from. */
  env: NodeJS.ProcessEnv;
  folder: string;
  config: { readonly current: { readonly value: LoadedLattice } };
  definitions: () => readonly AgentDefinition[];
  onProblem: (problem: Error) => void;
  /** The station whose calls these are; absent outside a lattice. */
  station?: string;
  /** How hooks reach a person; nobody hears them without. */
  notify?: Notify | undefined;
}

/** All that runs the agents of one project: the runners, and the gateway through which they ask their models. */
export interface AgentEngine extends AsyncDisposable {
  engine: Runner;
  hooks: ProjectHooks;
  gateway: LoopbackGateway;
  routing: OpenRouting;
  /** What routing goes by now, the agents of prompt files included. */
  document(): RoutingDocument;
}

/** Puts runners, gateway and routing of one project together. Nothing listens until the first run that asks a model. */
export async function openAgentEngine(options: AgentEngineOptions): Promise<AgentEngine> {
  const { paths, env, folder, config, definitions, onProblem, notify = silent, station } = options;
  const current = (): LoadedLattice => {
    const loaded = config.current.value;
    const defaults = loaded.document.defaults?.routing;
    return { ...loaded, routing: withPromptAgents(loaded.routing, definitions(), defaults) };
  };
  const live = {
    current: {
      get value() {
        return current();
      },
    },
  };
  const report = (problem: LatticeError) => onProblem(problem);
  const locals = new LocalModels({ providers: () => config.current.value.document.providers ?? {} });
  void locals.look();
  const routing = await openRouting({
    paths,
    env,
    folder,
    config: live,
    onProblem: report,
    station,
    installedModels: (provider) => locals.installed(provider),
  });
  const hooks = new ProjectHooks({
    document: () => config.current.value.document,
    projectDir: folder,
    environment: env,
    router: routing.router,
    notify,
  });
  const gateway = new LoopbackGateway({
    config: current,
    router: routing.router,
    providerKey: (name) => env[name],
    onRateLimit: (limited) => hooks.rateLimited(limited),
    onProblem,
  });
  const environment = env;
  const engine = hooks.around(
    new Engine({
      command: new CommandRunner({ environment }),
      acp: new AcpRunner({ gateway, environment }),
      model: new ModelRunner({ gateway, environment }),
    }),
  );
  return {
    engine,
    hooks,
    gateway,
    routing,
    document: () => current().routing,
    async [Symbol.asyncDispose]() {
      hooks[Symbol.dispose]();
      locals[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
