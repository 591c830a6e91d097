import { join } from 'node:path';
import { Disposables } from '../src-shared/disposables.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { type AgentEngine, openAgentEngine } from './agent-engine.ts';
import { Catalog } from './agents/catalog.ts';
import type { AgentDefinition } from './agents/runner.ts';
import { readSingleAgent } from './agents/single-agent.ts';
import { hasVariable, LatticeConfig } from './config/lattice-config.ts';
import type { Paths } from './config/paths.ts';
import { findProjectDir } from './config/project.ts';
import { PersonGate } from './policy/person-gate.ts';

export interface LocalAgentsOptions {
  paths: Paths;
  env: NodeJS.ProcessEnv;
  /** The project, or a folder in it. */
  folder: string;
  onProblem: (problem: Error) => void;
}

/** The agents of a project, run by this process without a mesh. */
export interface LocalAgents extends AsyncDisposable, Pick<AgentEngine, 'engine' | 'routing'> {
  /** In the order of their names. */
  definitions(): readonly AgentDefinition[];
  /** The agent a request names, by a trigger (`/plan the release`) or its name, and the rest. @throws LatticeError `not_found`. */
  match(request: string): { agent: AgentDefinition; trigger: string | undefined; text: string };
  /** Takes one file as an agent, beside those of the project. @throws LatticeError as {@link readSingleAgent}. */
  add(file: string): Promise<AgentDefinition>;
}

/** Opens the agents of the project that a folder lies in. @throws LatticeError `io_failed`. */
export async function openLocalAgents(options: LocalAgentsOptions): Promise<LocalAgents> {
  const { paths, env, onProblem } = options;
  const folder = findProjectDir(options.folder);
  const end = new Disposables();
  try {
    const config = end.use(
      await LatticeConfig.open({
        projectDir: folder,
        configDir: paths.configDir,
        hasVariable: hasVariable(env),
      }),
    );
    const catalog = end.use(new Catalog({ config, dataDir: join(paths.dataDir, 'local') }));
    await catalog.ready;
    const added: AgentDefinition[] = [];
    const definitions = () => [...added, ...catalog.definitions.value];
    const { engine, routing } = end.use(
      await openAgentEngine({ paths, env, folder, config, definitions, onProblem }),
    );
    return {
      engine: new PersonGate(engine),
      routing,
      definitions,
      match: (request) => match(request, definitions(), config),
      async add(file) {
        const { projectDir: root, document, routing: rules } = config.current.value;
        const agent = await readSingleAgent(file, { root, mcp: document.mcp, routing: rules });
        added.unshift(agent);
        return agent;
      },
      [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
    };
  } catch (error) {
    await end[Symbol.asyncDispose]();
    throw error;
  }
}

function match(request: string, definitions: readonly AgentDefinition[], config: LatticeConfig) {
  const trimmed = request.trim();
  const word = trimmed.split(/\s/, 1)[0] ?? '';
  const text = trimmed.slice(word.length).trim();
  const agents = Object.entries(config.current.value.document.agents ?? {});
  const triggered = agents.find(([, agent]) => agent.triggers?.includes(word))?.[0];
  const name = triggered ?? word.replace(/^\//, '');
  const agent = definitions.find(({ info }) => info.name === name);
  if (agent !== undefined) return { agent, trigger: triggered === undefined ? undefined : word, text };
  const known = [
    ...agents.flatMap(([, each]) => each.triggers ?? []),
    ...definitions.map(({ info }) => info.name),
  ];
  throw new LatticeError('not_found', `No agent answers to ${word === '' ? 'an empty request' : word}.`, {
    hint:
      known.length === 0
        ? 'This project has no agents. lattice init makes some.'
        : `There are ${known.join(', ')}.`,
  });
}
