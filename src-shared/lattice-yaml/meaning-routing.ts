import type { YamlPath } from './diagnostic.ts';
import { doubtful, type MeaningIssue, meant, wrong } from './meaning-issue.ts';
import type { RoutingYaml } from './routing-schema.ts';
import type { LatticeYaml } from './schema.ts';

/** Routing that can take no model, or names models that nobody has. */
export function routingMeaning(document: LatticeYaml): MeaningIssue[] {
  const places: [YamlPath, RoutingYaml | undefined][] = [
    [['defaults', 'routing'], document.defaults?.routing],
    ...Object.entries(document.agents ?? {}).map(([name, agent]): [YamlPath, RoutingYaml | undefined] => [
      ['agents', name, 'routing'],
      agent.routing,
    ]),
  ];
  const names = Object.keys(document.providers ?? {});
  return places.flatMap(([path, routing]) =>
    routing === undefined ? [] : [...emptiness(path, routing), ...strangers(path, routing, names)],
  );
}

/** A model of a routing and where it stands; a key is pointed at when it is one of `weights`. */
interface NamedModel {
  path: YamlPath;
  of: 'key' | 'value';
  name: string;
}

function listed(path: YamlPath, names: readonly string[] | undefined): NamedModel[] {
  return (names ?? []).map((name, index) => ({ path: [...path, index], of: 'value', name }));
}

function modelsOf(path: YamlPath, routing: RoutingYaml): NamedModel[] {
  if (Array.isArray(routing)) return listed(path, routing);
  const fallback = listed([...path, 'fallback_models'], routing.fallback_models);
  switch (routing.strategy) {
    case 'pattern':
      return [...listed([...path, 'pattern'], routing.pattern), ...fallback];
    case 'weighted': {
      const weighted = Object.keys(routing.weights).map(
        (name): NamedModel => ({ path: [...path, 'weights', name], of: 'key', name }),
      );
      return [...weighted, ...fallback];
    }
    case 'burst':
      return [
        { path: [...path, 'iterate'], of: 'value', name: routing.iterate },
        { path: [...path, 'final'], of: 'value', name: routing.final },
        ...fallback,
      ];
    default:
      return [...listed([...path, 'models'], routing.models), ...fallback];
  }
}

function emptiness(path: YamlPath, routing: RoutingYaml): MeaningIssue[] {
  const add = 'Name at least one model.';
  if (Array.isArray(routing))
    return routing.length > 0 ? [] : [wrong(path, 'The list of models is empty.', add)];
  const issues: MeaningIssue[] = [];
  switch (routing.strategy) {
    case 'pattern':
      if (routing.pattern.length === 0)
        issues.push(wrong([...path, 'pattern'], 'The pattern is empty.', add));
      break;
    case 'weighted':
      issues.push(...weightless([...path, 'weights'], routing.weights));
      break;
    case 'burst':
      break;
    default:
      if (routing.models.length === 0)
        issues.push(wrong([...path, 'models'], 'The list of models is empty.', add));
  }
  const { on_unavailable: unavailable, fallback_models: fallback } = routing;
  if (unavailable === 'fallback' && (fallback ?? []).length === 0)
    issues.push(
      doubtful(
        [...path, 'on_unavailable'],
        'There are no fallback models.',
        'Add fallback_models: [provider/model].',
      ),
    );
  if (fallback !== undefined && (unavailable === 'next' || unavailable === 'retry'))
    issues.push(
      doubtful(
        [...path, 'fallback_models'],
        `The fallback models are not used: on_unavailable is ${unavailable}.`,
        'Set on_unavailable: fallback.',
      ),
    );
  return issues;
}

function weightless(path: YamlPath, weights: Readonly<Record<string, number>>): MeaningIssue[] {
  const entries = Object.entries(weights);
  if (entries.length === 0) return [wrong(path, 'There are no weights.', 'Write provider/model: weight.')];
  if (entries.every(([, weight]) => weight === 0))
    return [
      wrong(path, 'All weights are 0, so no model is ever drawn.', 'Give one of them a weight above 0.'),
    ];
  return entries
    .filter(([, weight]) => weight === 0)
    .map(([name]) => doubtful([...path, name], `The weight of ${name} is 0, so it is never drawn.`));
}

/** Models of providers that nobody defines; each once for a routing. */
function strangers(path: YamlPath, routing: RoutingYaml, names: readonly string[]): MeaningIssue[] {
  const seen = new Set<string>();
  return modelsOf(path, routing).flatMap(({ path: place, of, name }): MeaningIssue[] => {
    const provider = name.slice(0, name.indexOf('/'));
    if (names.includes(provider) || seen.has(name)) return [];
    seen.add(name);
    const message = `There is no provider ${provider}, so ${name} is never taken.`;
    const suggestion = meant(provider, names) ?? 'Add it under providers:.';
    // Without any provider the file may be a part that is laid over another one.
    return [{ ...(names.length === 0 ? doubtful : wrong)(place, message, suggestion), of }];
  });
}
