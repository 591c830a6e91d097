import type { YamlPath } from './diagnostic.ts';
import { isOwnVariable, variablesOf } from './env.ts';
import { doubtful, type MeaningIssue, meant, wrong } from './meaning-issue.ts';
import { isMap } from './merge.ts';
import { namesPlugin, pluginName } from './plugin-name.ts';
import type { LatticeYaml } from './schema.ts';

/** What is known about the machine; what is not known is not checked. */
export interface MachineFacts {
  /** Whether an environment variable has a value. */
  hasVariable?: ((name: string) => boolean) | undefined;
  /** Names of the plugins that are installed, without versions. */
  installedPlugins?: readonly string[] | undefined;
}

/** Plugins and variables that are not there. */
export function machineMeaning(document: LatticeYaml, facts: MachineFacts): MeaningIssue[] {
  return [...plugins(document, facts.installedPlugins), ...variables(document, facts.hasVariable)];
}

function plugins(document: LatticeYaml, installed: readonly string[] | undefined): MeaningIssue[] {
  const issues: MeaningIssue[] = [];
  const names = new Set<string>();
  for (const [index, written] of (document.plugins ?? []).entries()) {
    if (!namesPlugin(written)) {
      const suggestion = 'Write name@version, github:owner/name@tag or file:path.';
      issues.push(wrong(['plugins', index], 'This names no plugin.', suggestion));
      continue;
    }
    const name = pluginName(written);
    if (names.has(name))
      issues.push(wrong(['plugins', index], `The plugin ${name} is there twice.`, 'Keep one of them.'));
    else if (installed !== undefined && !installed.includes(name))
      issues.push(
        doubtful(['plugins', index], `The plugin ${name} is not installed.`, 'Run lattice plugins sync.'),
      );
    names.add(name);
  }
  for (const name of Object.keys(document.plugin_config ?? {})) {
    if (names.has(name)) continue;
    const message = `The plugin ${name} is not under plugins, so its settings have no effect.`;
    issues.push({ ...doubtful(['plugin_config', name], message, meant(name, names)), of: 'key' });
  }
  return issues;
}

function variables(document: LatticeYaml, has: MachineFacts['hasVariable']): MeaningIssue[] {
  if (has === undefined) return [];
  const servers = Object.entries(document.mcp ?? {}).filter(([, server]) => server?.enabled !== false);
  const runs = Object.entries(document.agents ?? {});
  const texts = [
    ...servers.flatMap(([name, server]) => textsOf(server, ['mcp', name])),
    ...runs.flatMap(([name, agent]) => textsOf(agent.run?.env, ['agents', name, 'run', 'env'])),
    ...textsOf(document.hooks, ['hooks']),
  ];
  return texts.flatMap(({ path, text }) =>
    variablesOf(text).flatMap((name): MeaningIssue[] => {
      if (isOwnVariable(name))
        return [
          wrong(path, `The variable ${name} is Lattice's own and is not handed on.`, 'Use another one.'),
        ];
      if (has(name)) return [];
      return [doubtful(path, `The variable ${name} is not set.`, 'Set it before Lattice starts.')];
    }),
  );
}

function textsOf(value: unknown, path: YamlPath): { path: YamlPath; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, [...path, key]));
}
