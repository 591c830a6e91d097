import { join } from 'node:path';
import type { LatticeError } from '../../src-shared/errors.ts';
import type { Diagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import { hasVariable } from '../config/lattice-config.ts';
import type { LoadedLattice } from '../config/lattice-config-files.ts';
import type { Paths } from '../config/paths.ts';
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
  /** The configuration that is watched; without it the files of `folder` are read once. */
  config?: { readonly current: { readonly value: LoadedLattice } };
  onProblem: (problem: LatticeError) => void;
  /** The station whose calls these are; absent outside a lattice. */
  station?: string | undefined;
  /** The models a local provider has; undefined when that is not known. */
  installedModels?: (provider: string) => readonly string[] | undefined;
}

/** The routing of a project, ready to decide. */
export interface OpenRouting {
  router: ModelRouter;
  store: StateStore;
  usage: UsageLog;
  /** As it was when this was opened; the router goes by what the files say now. */
  document: RoutingDocument;
  diagnostics: readonly Diagnostic[];
  projectDir: string;
}

/** Puts the parts of routing together for one project. @throws what {@link loadRouting} throws, unless `config` is given. */
export async function openRouting(options: OpenRoutingOptions): Promise<OpenRouting> {
  const { paths, env, folder, config, onProblem, station, installedModels } = options;
  const loaded =
    config?.current.value ??
    (await loadRouting({ folder, configDir: paths.configDir, hasVariable: hasVariable(env) }));
  // A model call must not wait for a disk; what was spent is in the usage log, which is the truth.
  const store = new StateStore({ file: join(paths.dataDir, 'state.json'), onProblem, waitForDisk: false });
  const usage = new UsageLog({ dir: join(paths.dataDir, 'usage'), onProblem, station });
  const router = new ModelRouter({
    document: () => (config?.current.value ?? loaded).routing,
    store,
    usage,
    prices: await loadPriceTable(),
    hasKey: hasVariable(env),
    ...(installedModels === undefined ? {} : { installedModels }),
  });
  const { routing: document, diagnostics, projectDir } = loaded;
  return { router, store, usage, document, diagnostics, projectDir };
}
