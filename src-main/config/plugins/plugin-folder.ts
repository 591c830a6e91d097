import { mkdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../../src-shared/errors.ts';
import { npm } from './npm.ts';
import { type PluginSpec, parsePluginSpec } from './plugin-spec.ts';

/** The project's own folder for plugins; its package.json and package-lock.json belong into version control. */
const PLUGIN_FOLDER = '.lattice-plugins';

const packageSchema = z.looseObject({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

/** A plugin of lattice.yaml and what is there of it. */
export interface PluginState {
  spec: PluginSpec;
  /** The version in the plugin folder; nothing while it is not installed. */
  installed: string | undefined;
  /** Whether the folder holds what lattice.yaml asks for. */
  inStep: boolean;
}

/** What is there of the plugins that lattice.yaml names. @throws LatticeError `invalid_input` for a name that is none. */
export async function pluginStates(root: string, specs: readonly string[]): Promise<PluginState[]> {
  const wanted = (await readPackage(join(root, PLUGIN_FOLDER, 'package.json')))?.dependencies ?? {};
  return Promise.all(
    specs.map(async (text) => {
      const spec = parsePluginSpec(text);
      const there = await readPackage(packageFile(root, spec.name));
      const installed = there && (there.version ?? 'unknown');
      const asked = Object.hasOwn(wanted, spec.name) && wanted[spec.name] === dependencyOf(root, spec);
      const right = spec.kind !== 'npm' || spec.version === undefined || spec.version === installed;
      return { spec, installed, inStep: installed !== undefined && asked && right };
    }),
  );
}

/** Names of the plugins of lattice.yaml that are there; what names no plugin is a mistake of its own and left out. */
export async function installedPlugins(root: string, specs: readonly string[]): Promise<string[]> {
  const states = await pluginStates(
    root,
    readable(specs).map(({ text }) => text),
  );
  return states.flatMap(({ spec, installed }) => (installed === undefined ? [] : [spec.name]));
}

/** The files that come and go with the plugins of lattice.yaml. */
export function pluginFiles(root: string, specs: readonly string[]): string[] {
  return readable(specs).map(({ name }) => packageFile(root, name));
}

export interface SyncOptions {
  root: string;
  specs: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
}

/**
 * Makes the plugin folder hold exactly the plugins named, at their versions; scripts of packages do not run. The lock
 * of an earlier run decides what their dependencies are.
 * @throws LatticeError what {@link npm} throws, `invalid_input`, `conflict` when two plugins have one name.
 */
export async function syncPlugins({ root, specs, env, signal }: SyncOptions): Promise<PluginState[]> {
  const plugins = specs.map(parsePluginSpec);
  const twice = plugins.find(
    (plugin, index) => plugins.findIndex(({ name }) => name === plugin.name) !== index,
  );
  if (twice)
    throw new LatticeError('conflict', `plugins: names ${twice.name} twice.`, { hint: 'Keep one of them.' });
  const folder = join(root, PLUGIN_FOLDER);
  await mkdir(folder, { recursive: true });
  const dependencies = Object.fromEntries(plugins.map((plugin) => [plugin.name, dependencyOf(root, plugin)]));
  const text = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
  const before = await readText(join(folder, 'package.json'));
  const hasLock = (await readText(join(folder, 'package-lock.json'))) !== undefined;
  await writeFileAtomic(join(folder, '.gitignore'), 'node_modules\n');
  await writeFileAtomic(join(folder, 'package.json'), text);
  const local = plugins.some(({ kind }) => kind === 'file');
  // A folder on this machine changes without its version, so the lock says nothing about it.
  const action = before === text && hasLock && !local ? 'ci' : 'install';
  await npm([action, '--install-links'], { cwd: folder, env, ...(signal === undefined ? {} : { signal }) });
  return pluginStates(root, specs);
}

/** The newest version of a plugin of the registry. @throws LatticeError what {@link npm} throws. */
export async function newestVersion(
  name: string,
  options: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  return z
    .string()
    .min(1)
    .parse(JSON.parse(await npm(['view', name, 'version', '--json'], options)));
}

function dependencyOf(root: string, spec: PluginSpec): string {
  switch (spec.kind) {
    case 'npm':
      return spec.version ?? 'latest';
    case 'github':
      return `github:${spec.repo}${spec.ref === undefined ? '' : `#${spec.ref}`}`;
    case 'file': {
      const way = isAbsolute(spec.path)
        ? spec.path
        : relative(join(root, PLUGIN_FOLDER), resolve(root, spec.path));
      return `file:${way.replaceAll('\\', '/')}`;
    }
  }
}

function readable(specs: readonly string[]): PluginSpec[] {
  return specs.flatMap((text) => {
    try {
      return [parsePluginSpec(text)];
    } catch {
      return [];
    }
  });
}

function packageFile(root: string, name: string): string {
  return join(root, PLUGIN_FOLDER, 'node_modules', name, 'package.json');
}

async function readPackage(file: string): Promise<z.infer<typeof packageSchema> | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    return packageSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
