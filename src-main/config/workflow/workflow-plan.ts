import { posix } from 'node:path';
import { LatticeError } from '../../../src-shared/errors.ts';
import { readLatticeYaml } from '../../../src-shared/lattice-yaml/read.ts';
import type { LatticeYaml } from '../../../src-shared/lattice-yaml/schema.ts';
import { splitWords } from '../../../src-shared/lattice-yaml/split-words.ts';
import { routingDocument } from '../../../src-shared/routing/document.ts';
import { DEFAULT_AGENTS_DIR } from '../../agents/prompt-place.ts';
import { readOwnFile } from '../own-file.ts';
import type { ForeignFiles } from './foreign-files.ts';

/** What taking over a workflow would do; nothing is done yet. */
export interface WorkflowPlan {
  name: string | undefined;
  description: string | undefined;
  revision: string | undefined;
  files: { path: string; kind: 'new' | 'same' | 'differs'; text: string }[];
  /** What is not taken, and why. */
  left: { path: string; why: string }[];
  agents: { name: string; triggers: readonly string[]; models: readonly string[] }[];
  /** Programs that the workflow runs later, when an agent is called, a server is used or a hook fires. */
  programs: { who: string; command: string }[];
  hooks: { event: string; action: string }[];
  plugins: readonly string[];
  /** Environment variables of its providers. */
  variables: { name: string; isSet: boolean }[];
}

/** Taken where there is none; a project has its own. */
const COURTESY = new Set(['README.md', 'LICENSE']);

/**
 * Reads what a workflow would bring into a project.
 * @throws LatticeError `not_found` without a lattice.yaml, `invalid_input` for one with mistakes, `unsafe` for one that leaves its folder.
 */
export async function planWorkflow(
  foreign: ForeignFiles,
  options: { root: string; env: Readonly<Record<string, string | undefined>> },
): Promise<WorkflowPlan> {
  const document = readDocument(foreign);
  const agentsDir = folderOf(document.defaults?.agents_dir ?? DEFAULT_AGENTS_DIR);
  const programs = programsOf(document);
  const named = new Set(programs.flatMap(({ words }) => words.map((word) => posix.normalize(word))));
  const wanted = [...foreign.files].filter(
    ([path]) =>
      path === 'lattice.yaml' || COURTESY.has(path) || path.startsWith(`${agentsDir}/`) || named.has(path),
  );
  const found = await Promise.all(
    wanted.map(async ([path, text]) => {
      const there = await readOwnFile(options.root, path);
      const kind =
        there === undefined ? ('new' as const) : there === text ? ('same' as const) : ('differs' as const);
      return { path, text, kind };
    }),
  );
  const stays = ({ path, kind }: (typeof found)[number]) => kind === 'differs' && COURTESY.has(path);
  const files = found.filter((file) => !stays(file));
  const left = [...foreign.left, ...found.filter(stays).map(({ path }) => ({ path, why: 'yours stays' }))];
  const routing = routingDocument(document);
  return {
    name: document.name,
    description: document.description,
    revision: foreign.revision,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    left,
    agents: Object.entries(document.agents ?? {}).map(([name, agent]) => ({
      name,
      triggers: agent.triggers ?? [],
      models: routing.agents.find((each) => each.name === name)?.plan.models.map((model) => model.name) ?? [],
    })),
    programs: programs.map(({ who, words }) => ({ who, command: words.join(' ') })),
    hooks: Object.entries(document.hooks ?? {}).flatMap(([event, actions]) =>
      Array.isArray(actions) ? actions.map(({ action }) => ({ event, action })) : [],
    ),
    plugins: document.plugins ?? [],
    variables: Object.values(document.providers ?? {}).flatMap((provider) =>
      provider?.env === undefined
        ? []
        : [{ name: provider.env, isSet: (options.env[provider.env] ?? '') !== '' }],
    ),
  };
}

function readDocument({ files }: ForeignFiles): LatticeYaml {
  const text = files.get('lattice.yaml');
  if (text === undefined)
    throw new LatticeError('not_found', 'There is no lattice.yaml at the top of this workflow.', {
      hint: 'A workflow is a folder or a repository with lattice.yaml and its agents.',
    });
  const { value, diagnostics } = readLatticeYaml([{ source: 'lattice.yaml', text }]);
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (value === undefined || wrong !== undefined)
    throw new LatticeError(
      'invalid_input',
      `Its lattice.yaml has a mistake: ${wrong?.message ?? 'it cannot be read.'}`,
      {
        hint: 'Tell its author, or clone it and run: lattice validate',
      },
    );
  return value;
}

function folderOf(dir: string): string {
  const path = posix.normalize(dir.replaceAll('\\', '/')).replace(/\/$/, '');
  if (path === '..' || path.startsWith('../') || posix.isAbsolute(path))
    throw new LatticeError('unsafe', `Its agents folder ${dir} lies outside of the project.`);
  return path;
}

function programsOf(document: LatticeYaml): { who: string; words: readonly string[] }[] {
  const agents = Object.entries(document.agents ?? {}).flatMap(([name, { run }]) => {
    const command = run !== undefined && 'command' in run ? run.command : undefined;
    return Array.isArray(command) ? [{ who: `agent ${name}`, words: command.map(String) }] : [];
  });
  const servers = Object.entries(document.mcp ?? {}).flatMap(([name, server]) => {
    if (server?.command === undefined) return [];
    const words = typeof server.command === 'string' ? splitWords(server.command) : [...server.command];
    return [{ who: `MCP server ${name}`, words: [...words, ...(server.args ?? [])] }];
  });
  return [...agents, ...servers];
}
