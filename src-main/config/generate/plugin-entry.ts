import { parsePluginSpec } from '../plugins/plugin-spec.ts';

/** Has a configuration file of its own, so that its options do not belong into opencode.json. */
export const OWN_FILE: ReadonlySet<string> = new Set(['oh-my-opencode', 'oh-my-openagent']);

/** How opencode.json names a plugin: `name@version`, or a file, with its options when it has some. */
export function openCodePlugin(spec: string, configs: Readonly<Record<string, unknown>>): unknown {
  const plugin = parsePluginSpec(spec);
  const name = plugin.kind === 'npm' ? `${plugin.name}@${plugin.version ?? 'latest'}` : placeOf(plugin);
  const options = Object.hasOwn(configs, plugin.name) ? configs[plugin.name] : undefined;
  return options === undefined || options === null || OWN_FILE.has(plugin.name) ? name : [name, options];
}

/** A plugin that is not in the registry is taken from where `lattice plugins sync` puts it. */
function placeOf(plugin: ReturnType<typeof parsePluginSpec>): string {
  return `./.lattice-plugins/node_modules/${plugin.name}`;
}
