import { loadProject } from '../src-main/agents/load-project.ts';
import { DEFAULT_AGENTS_DIR } from '../src-main/agents/prompt-place.ts';
import { hasVariable } from '../src-main/config/lattice-config.ts';
import type { LoadedLattice } from '../src-main/config/lattice-config-files.ts';
import { resolvePaths } from '../src-main/config/paths.ts';
import { projectAround } from '../src-main/config/project.ts';
import { loadRouting } from '../src-main/routing/load-routing.ts';
import { openRouting } from '../src-main/routing/open-routing.ts';
import { type ProviderStatus, providerStatus } from '../src-main/routing/provider-status.ts';
import { openVcs } from '../src-main/vcs/open-vcs.ts';
import { LatticeError } from '../src-shared/errors.ts';
import type { Cap } from '../src-shared/routing/caps.ts';
import { dollars } from '../src-shared/routing/money.ts';
import { paint, table } from './output.ts';
import { safeText } from './safe-text.ts';

/** A large repository on a slow disk must not hold up the rest, in ms. */
const VCS_TIMEOUT_MS = 3_000;

/** Where version control of a project stands, or why nobody knows. */
interface VcsState {
  preset: string;
  at?: string;
  changed?: number;
  problem?: string;
}

/** A project as far as its files and this machine tell. */
export interface ProjectStatus {
  dir: string;
  providers: ProviderStatus[];
  agents: { name: string; runner: string; triggers: readonly string[] }[];
  vcs: VcsState | undefined;
  problems: string[];
}

/** The project that `folder` lies in; nothing where there is none. Never rejects: what is wrong is in `problems`. */
export async function projectStatus(folder: string): Promise<ProjectStatus | undefined> {
  const dir = projectAround(folder);
  if (dir === undefined) return undefined;
  const problems: string[] = [];
  const status: ProjectStatus = { dir, providers: [], agents: [], vcs: undefined, problems };
  try {
    const paths = resolvePaths();
    const loaded = await loadRouting({ folder: dir, configDir: paths.configDir });
    const config = { current: { value: loaded } };
    const onProblem = ({ message }: LatticeError) => problems.push(message);
    const [vcs, { drafts }, routing] = await Promise.all([
      vcsState(loaded),
      loadProject(loaded, DEFAULT_AGENTS_DIR),
      openRouting({ paths, env: process.env, folder: dir, config, onProblem }),
    ]);
    const agents = [...drafts.values()].map(({ info: { name, runner } }) => {
      const triggers = loaded.document.agents?.[name]?.triggers ?? [];
      return { name, runner, triggers };
    });
    const providers = providerStatus(routing, routing.document, hasVariable(process.env), Date.now());
    return { ...status, providers, agents, vcs };
  } catch (error) {
    problems.push(LatticeError.from(error).message);
    return status;
  }
}

async function vcsState({ document, projectDir }: LoadedLattice): Promise<VcsState> {
  const preset = document.vcs?.preset ?? 'none';
  if (preset === 'none') return { preset };
  try {
    const options = { config: document.vcs, projectDir, environment: process.env };
    const { at, changed } = await (await openVcs({ ...options, timeoutMs: VCS_TIMEOUT_MS })).status();
    return { preset, at, changed: changed.length };
  } catch (error) {
    return { preset, problem: LatticeError.from(error).message };
  }
}

/** A project in a few lines. */
export function projectWords({ dir, providers, agents, vcs, problems }: ProjectStatus): string[] {
  return [
    `${paint('bold', 'Project')}   ${safeText(dir)}`,
    ...under(
      'Providers',
      providers.map((each) => [safeText(each.name), keyWords(each), capsWords(each)]),
    ),
    ...under(
      'Agents',
      agents.map((each) => [safeText(each.name), each.runner, safeText(each.triggers.join(' '))]),
    ),
    ...(vcs === undefined ? [] : [`Version   ${vcsWords(vcs)}`]),
    ...problems.map((each) => `${paint('yellow', 'warning')}   ${safeText(each)}`),
  ];
}

function vcsWords({ preset, at, changed = 0, problem }: VcsState): string {
  if (problem !== undefined) return `${preset}, ${paint('yellow', safeText(problem))}`;
  if (at === undefined) return preset;
  return `${preset}, ${safeText(at)}, ${changed === 0 ? 'nothing' : changed} changed`;
}

/** Rows below each other, the first beside the title. */
function under(title: string, rows: string[][]): string[] {
  if (rows.length === 0) return [`${title.padEnd(10)}none`];
  const [, ...lines] = table(['', '', ''], rows).split('\n');
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(10)}${line.trimEnd()}`);
}

/** Where the key of a provider is. */
export function keyWords({ key }: ProviderStatus): string {
  if (key === undefined) return 'none needed';
  return key.present ? key.name : paint('red', `${key.name} is not set`);
}

/** What is left of each limit of a provider. */
export function capsWords({ caps, name }: ProviderStatus): string {
  return caps.map((cap) => capWords(cap, name)).join(', ');
}

function capWords(cap: Cap, provider: string): string {
  const { name, unit, per, limit, used, estimated } = cap;
  const whose = name === provider ? '' : `${name.slice(provider.length + 1)}: `;
  const left = Math.max(0, limit - used);
  const what =
    unit === 'usd'
      ? `${estimated ? 'about ' : ''}${dollars(left)} of ${dollars(limit)}`
      : `${left} of ${limit} calls`;
  return `${whose}${what} left ${per === 'day' ? 'today' : 'this month'}`;
}
