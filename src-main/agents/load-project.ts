import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { diagnosticAt, type Layers } from '../../src-shared/lattice-yaml/check.ts';
import type { Diagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import type { AgentConfig } from '../../src-shared/lattice-yaml/schema.ts';
import { type LoadedLattice, wholeFile } from '../config/lattice-config-files.ts';
import {
  type AgentDraft,
  type AgentPrompt,
  type DraftSurroundings,
  draftFromConfig,
  draftFromPrompt,
} from './agent-draft.ts';
import { readAgentMarkdown } from './agent-markdown.ts';
import { type InputSchema, toInputSchema } from './input-schema.ts';
import { readInProject, resolveInProject } from './project-file.ts';
import { readPromptFile } from './prompt-file.ts';
import { DEFAULT_AGENTS_DIR, type PromptPlace, promptPlace, sourceOf } from './prompt-place.ts';

/** What a project folder defines, as it is on disk now. */
export interface ProjectReading {
  /** The agents that can be offered, by the place that defines them, such as `lattice.yaml#counter`. */
  drafts: Map<string, AgentDraft>;
  /** Places that define an agent but have a mistake. */
  broken: Set<string>;
  /** True when lattice.yaml cannot be read at all, so that nothing is known about its agents. */
  configBroken: boolean;
  diagnostics: Diagnostic[];
  /** From the project folder. */
  agentsDir: string;
  /** Files that agents of lattice.yaml name: from the project folder, or absolute when the person's own file names them. */
  named: Set<string>;
}

/** Whether a place is in lattice.yaml, and not a file of its own. */
export function isInConfig(place: string): boolean {
  return place.startsWith('lattice.yaml#');
}

/**
 * Reads the agents that a configuration and the dotprompt files of its project define. Never rejects.
 * `lastAgentsDir` is where prompt files are looked for while lattice.yaml cannot say it.
 */
export async function loadProject(loaded: LoadedLattice, lastAgentsDir: string): Promise<ProjectReading> {
  const reading: ProjectReading = {
    drafts: new Map(),
    broken: new Set(),
    configBroken: loaded.broken,
    diagnostics: [...loaded.diagnostics],
    agentsDir: lastAgentsDir,
    named: new Set(),
  };
  await loadConfig(loaded, reading);
  await loadPromptFiles(loaded, reading);
  return reading;
}

async function loadConfig(loaded: LoadedLattice, reading: ProjectReading): Promise<void> {
  const [first, ...others] = loaded.layers.flatMap(({ yaml }) => (yaml === undefined ? [] : [yaml]));
  if (loaded.broken || first === undefined) return;
  for (const { severity, path } of loaded.diagnostics)
    if (severity === 'error' && path[0] === 'agents') reading.broken.add(`lattice.yaml#${path[1]}`);
  const { agents, defaults } = loaded.document;
  reading.agentsDir = defaults?.agents_dir ?? DEFAULT_AGENTS_DIR;
  for (const [name, agent] of Object.entries(agents ?? {}))
    await loadConfigAgent({ loaded, layers: [first, ...others], reading }, name, agent);
}

interface ConfigLoad {
  loaded: LoadedLattice;
  layers: Layers;
  reading: ProjectReading;
}

async function loadConfigAgent(
  { loaded, layers, reading }: ConfigLoad,
  name: string,
  agent: AgentConfig,
): Promise<void> {
  const place = `lattice.yaml#${name}`;
  const refuse = (thrown: unknown, ...at: string[]): undefined => {
    const { message, hint: suggestion } = LatticeError.from(thrown);
    const issue = { path: ['agents', name, ...at], of: 'value' as const, message, suggestion };
    reading.diagnostics.push(diagnosticAt(layers, 'error', issue));
    reading.broken.add(place);
  };
  if (agent.path === undefined && agent.run === undefined)
    return refuse(
      new LatticeError('invalid_input', `Agent ${name} has neither a prompt nor a command.`, {
        hint: 'Add path: with a prompt file, or run: with a command.',
      }),
    );
  let prompt: AgentPrompt | undefined;
  if (agent.path !== undefined) {
    const where = await promptPlace(loaded, name, agent.path, reading.agentsDir);
    reading.named.add(where.path);
    try {
      prompt = await readPrompt(where, reading);
    } catch (error) {
      return refuse(error, 'path');
    }
    if (prompt === undefined) return void reading.broken.add(place);
  }
  let input: InputSchema | undefined;
  try {
    input = await toInputSchema(agent.input?.schema, agent.input?.default);
  } catch (error) {
    return refuse(error, 'input', 'schema');
  }
  try {
    const draft = draftFromConfig(surroundings(loaded), name, agent, input, prompt);
    reading.drafts.set(place, { ...draft, source: sourceOf(loaded, name) });
  } catch (error) {
    return refuse(error, 'run');
  }
}

function surroundings({ projectDir: root, document, routing }: LoadedLattice): DraftSurroundings {
  return { root, mcp: document.mcp, routing };
}

async function loadPromptFiles(loaded: LoadedLattice, reading: ProjectReading): Promise<void> {
  const root = loaded.projectDir;
  for (const name of await listPrompts(root, reading)) {
    const path = join(reading.agentsDir, name);
    if (reading.named.has(path)) continue;
    let prompt: AgentPrompt | undefined;
    try {
      prompt = await readPrompt({ root, path }, reading);
    } catch (error) {
      reading.diagnostics.push(wholeFile(path, LatticeError.from(error)));
    }
    if (prompt?.dotprompt === undefined) {
      reading.broken.add(path);
      continue;
    }
    let draft: AgentDraft;
    try {
      draft = draftFromPrompt(surroundings(loaded), prompt, prompt.dotprompt);
    } catch (error) {
      reading.diagnostics.push(wholeFile(path, LatticeError.from(error)));
      reading.broken.add(path);
      continue;
    }
    const other = [...reading.drafts.values()].find((each) => each.info.name === draft.info.name);
    if (other === undefined) {
      reading.drafts.set(path, draft);
    } else {
      const message = `The agent ${draft.info.name} is also defined in ${other.source}, which wins.`;
      reading.diagnostics.push(
        wholeFile(path, new LatticeError('conflict', message, { hint: 'Rename one of them.' })),
      );
    }
  }
}

/** The dotprompt files of the agents folder, in order; those that begin with `_` are parts of others. */
async function listPrompts(root: string, reading: ProjectReading): Promise<string[]> {
  try {
    const names = await readdir(await resolveInProject(root, reading.agentsDir));
    return names.filter((name) => name.endsWith('.prompt') && !name.startsWith('_')).sort();
  } catch (thrown) {
    const error = LatticeError.from(thrown, 'io_failed');
    if (error.code !== 'not_found') reading.diagnostics.push(wholeFile(reading.agentsDir, error));
    return [];
  }
}

/** Reads a prompt of either kind; nothing when a dotprompt file has mistakes. @throws LatticeError of reading a file. */
async function readPrompt(
  { root, path }: PromptPlace,
  reading: ProjectReading,
): Promise<AgentPrompt | undefined> {
  const content = await readInProject(root, path);
  if (!path.endsWith('.prompt')) {
    const { description, diagnostics, ...markdown } = readAgentMarkdown(content, path);
    reading.diagnostics.push(...diagnostics);
    return { path, content, description, dotprompt: undefined, markdown };
  }
  const { prompt, diagnostics } = await readPromptFile(content, path);
  reading.diagnostics.push(...diagnostics);
  return prompt === undefined
    ? undefined
    : { path, content, description: prompt.description, dotprompt: prompt };
}
