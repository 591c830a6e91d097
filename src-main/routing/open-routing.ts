import { join } from 'node:path';
import type { LatticeError } from '../../src-shared/errors.ts';
import type { Diagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import type { Paths } from '../config/paths.ts';
import { findProjectDir } from '../config/project.ts';
import { loadRouting } from './load-routing.ts';
import { ModelRouter } from './model-router.ts';
import { loadPriceTable } from './prices.ts';
import { StateStore } from './state-store.ts';
import { UsageLog } from './usage-log.ts';

export interface OpenRoutingOptions {
  paths: Pick<Paths, 'configDir' | 'dataDir'>;
  env: Readonly<Record<string, string | undefined>>;
  /** The project, or a folder in it. */
  folder: string;
  onProblem: (problem: LatticeError) => void;
}

/** The routing of a project, ready to decide. */
export interface OpenRouting {
  router: ModelRouter;
  store: StateStore;
  usage: UsageLog;
  document: RoutingDocument;
  diagnostics: Diagnostic[];
  projectDir: string;
}

/** Puts the parts of routing together for one project as its files are now. @throws what {@link loadRouting} throws. */
export async function openRouting(options: OpenRoutingOptions): Promise<OpenRouting> {
  const { paths, env, onProblem } = options;
  const projectDir = findProjectDir(options.folder);
  const { document, diagnostics } = await loadRouting({
    projectDir,
    globalFile: join(paths.configDir, 'lattice.yaml'),
  });
  const store = new StateStore({ file: join(paths.dataDir, 'state.json'), onProblem });
  const usage = new UsageLog({ dir: join(paths.dataDir, 'usage'), onProblem });
  const router = new ModelRouter({
    document: () => document,
    store,
    usage,
    prices: await loadPriceTable(),
    hasKey: (name) => (env[name] ?? '') !== '',
  });
  return { router, store, usage, document, diagnostics, projectDir };
}
