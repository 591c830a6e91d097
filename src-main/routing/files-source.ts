import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { namesPlugin } from '../../src-shared/lattice-yaml/plugin-name.ts';
import { LiveValue } from '../../src-shared/live.ts';
import type { RoutingFiles, RoutingLayer } from '../../src-shared/views/routing.ts';
import { DEFAULT_AGENTS_DIR, promptPlace } from '../agents/prompt-place.ts';
import type { LatticeConfig } from '../config/lattice-config.ts';
import type { LatticeLayer, LoadedLattice } from '../config/lattice-config-files.ts';
import { pluginStates } from '../config/plugins/plugin-folder.ts';
import { digestOf, isWritable } from './lattice-file.ts';

/** The configuration files as the window edits them, in step with the disk; another project may be attached. */
export class FilesSource implements Disposable {
  readonly live: LiveValue<RoutingFiles>;
  #config: LatticeConfig;
  #watching: Disposable | undefined;
  #turn = 0;

  constructor(config: LatticeConfig) {
    this.#config = config;
    this.live = new LiveValue<RoutingFiles>({
      project_dir: config.current.value.projectDir,
      layers: [],
      missing_prompts: {},
    });
  }

  get config(): LatticeConfig {
    return this.#config;
  }

  /** Follows this configuration from now on. */
  async attach(config: LatticeConfig): Promise<void> {
    this.#watching?.[Symbol.dispose]();
    this.#config = config;
    this.#watching = config.current.on(() => void this.refresh());
    await this.refresh();
  }

  /** Looks at the files again. */
  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    const loaded = this.#config.current.value;
    const [layers, missing, plugins] = await Promise.all([
      Promise.all(loaded.layers.map((layer) => render(layer, loaded))),
      missingPrompts(loaded),
      installedPlugins(loaded),
    ]);
    if (turn !== this.#turn) return;
    this.live.set({ project_dir: loaded.projectDir, layers, missing_prompts: missing, plugins });
  }

  [Symbol.dispose](): void {
    this.#turn++;
    this.#watching?.[Symbol.dispose]();
  }
}

async function render(layer: LatticeLayer, loaded: LoadedLattice): Promise<RoutingLayer> {
  const { scope, path, text, exists, yaml } = layer;
  const source = scope === 'global' ? path : basename(path);
  const problem =
    exists && yaml === undefined
      ? loaded.diagnostics.find((each) => each.source === source)?.message
      : undefined;
  return {
    scope,
    name: scope === 'global' ? 'Your own lattice.yaml' : basename(path),
    path,
    text,
    exists,
    digest: exists ? digestOf(text) : '',
    writable: await isWritable(path),
    ...(problem === undefined ? {} : { problem }),
  };
}

async function installedPlugins(loaded: LoadedLattice): Promise<string[]> {
  const named = (loaded.document.plugins ?? []).filter(namesPlugin);
  const states = await pluginStates(loaded.projectDir, named).catch(() => []);
  return states.flatMap(({ spec, inStep }) => (inStep ? [spec.name] : []));
}

async function missingPrompts(loaded: LoadedLattice): Promise<Record<string, string>> {
  const dir = loaded.document.defaults?.agents_dir ?? DEFAULT_AGENTS_DIR;
  const missing: Record<string, string> = {};
  for (const [name, agent] of Object.entries(loaded.document.agents ?? {})) {
    if (agent.path === undefined) continue;
    const { root, path } = await promptPlace(loaded, name, agent.path, dir);
    const found = await stat(resolve(root, path)).catch(() => undefined);
    if (found === undefined) missing[name] = path;
  }
  return missing;
}
