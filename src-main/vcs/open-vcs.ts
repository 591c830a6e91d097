import { LatticeError } from '../../src-shared/errors.ts';
import type { LatticeYaml } from '../../src-shared/lattice-yaml/schema.ts';
import { GitVcs } from './git-vcs.ts';
import { JjVcs } from './jj-vcs.ts';
import { JjWorkspaces } from './jj-workspaces.ts';
import { NoVcs } from './no-vcs.ts';
import type { Vcs } from './vcs.ts';

export interface OpenVcsOptions {
  /** The section `vcs:` of lattice.yaml; without it there is no version control. */
  config: LatticeYaml['vcs'];
  projectDir: string;
  environment: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Bounds each command of the tool, in ms; a minute without. */
  timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 60_000;

/** The version control that lattice.yaml asks for. @throws LatticeError `not_found` without the tool or a repository, `unsafe`. */
export async function openVcs(options: OpenVcsOptions): Promise<Vcs> {
  const { config, projectDir: folder, environment, signal, timeoutMs = TIMEOUT_MS } = options;
  const preset = config?.preset ?? 'none';
  const tool = { folder, environment, signal, timeoutMs };
  switch (preset) {
    case 'git-stash':
      return GitVcs.open(tool);
    case 'jj-checkpoint':
      return JjVcs.open(tool);
    case 'jj-workspace': {
      const { workspace_dir: dir, gate_enforcement: gate, auto_cleanup: cleanup } = config?.config ?? {};
      return JjVcs.open({
        ...tool,
        workspaces: new JjWorkspaces({ projectDir: folder, dir, gate, cleanup }),
      });
    }
    case 'none':
      return new NoVcs();
    default:
      throw new LatticeError('unsupported', `There is no preset ${String(preset satisfies never)}.`);
  }
}
