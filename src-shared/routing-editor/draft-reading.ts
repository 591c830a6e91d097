import { diagnosticAt, type Layers } from '../lattice-yaml/check.ts';
import { closest } from '../lattice-yaml/closest.ts';
import type { Diagnostic, YamlPath } from '../lattice-yaml/diagnostic.ts';
import type { PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { runsMeaning } from '../lattice-yaml/meaning-agents.ts';
import { hooksMeaning } from '../lattice-yaml/meaning-hooks.ts';
import { machineMeaning } from '../lattice-yaml/meaning-machine.ts';
import { readLatticeYaml } from '../lattice-yaml/read.ts';
import { isCommandRun } from '../lattice-yaml/run-schema.ts';
import type { LatticeYaml } from '../lattice-yaml/schema.ts';
import { type RoutingDocument, routingDocument } from '../routing/document.ts';
import { modelRef } from '../routing/model-ref.ts';
import { planRouting, type RoutingPlan } from '../routing/plan.ts';
import type { LayerScope } from '../views/routing.ts';
import { type DraftLayer, type LayerValues, originOf } from './layers.ts';
import { type Place, placesOf } from './places.ts';

/** An agent as the list shows it. */
export interface DraftAgent {
  readonly name: string;
  readonly path: string | undefined;
  readonly description: string | undefined;
  readonly triggers: readonly string[];
  /** Whether it runs a command and calls no model. */
  readonly isCommand: boolean;
  /** Whether it goes by the defaults, as it has no routing of its own. */
  readonly byDefault: boolean;
  readonly plan: RoutingPlan;
  /** The file that its routing comes from; nothing when no file says any. */
  readonly origin: LayerScope | undefined;
}

/** What the edited texts say together. */
export interface DraftReading {
  /** Which state of the texts this was read from. */
  readonly revision: number;
  /** False while a text cannot be read; the rest is then what it last was. */
  readonly readable: boolean;
  readonly value: LatticeYaml;
  readonly document: RoutingDocument;
  readonly agents: readonly DraftAgent[];
  readonly defaults: RoutingPlan;
  readonly diagnostics: readonly DraftProblem[];
  readonly values: LayerValues;
  /** Where everything stands in each text. */
  readonly places: Readonly<Partial<Record<LayerScope, readonly Place[]>>>;
}

/** Something wrong in one of the texts. */
export interface DraftProblem extends Diagnostic {
  readonly scope: LayerScope;
  /** Another place that belongs to it, in the same text. */
  readonly other?: { readonly label: string; readonly path: YamlPath };
}

/** Reads edited texts, the weakest first. Never throws; what cannot be read keeps what `last` said. */
export function readDraft(
  layers: readonly DraftLayer[],
  revision: number,
  last?: Pick<DraftReading, 'value' | 'document' | 'agents' | 'defaults' | 'values' | 'places'>,
): DraftReading {
  const files = layers.map(({ name, text }) => ({ source: name, text }));
  const reading = readLatticeYaml(files, last?.value);
  const scopeOf = (source: string) => layers.find(({ name }) => name === source)?.scope ?? 'project';
  const inScope = (each: Diagnostic): DraftProblem => ({ ...each, scope: scopeOf(each.source) });
  const diagnostics = reading.diagnostics.map(inScope);
  if (reading.value === undefined) {
    const before = last ?? nothingRead;
    return { ...before, revision, readable: false, diagnostics };
  }
  const value = reading.value;
  const document = routingDocument(value);
  const values = layers.map(({ scope }, index) => ({
    scope,
    value: (reading.layers[index]?.value ?? null) as PlainValue,
  }));
  const [first, ...others] = reading.layers;
  if (first !== undefined)
    diagnostics.push(
      ...[...runsMeaning(value), ...hooksMeaning(value), ...machineMeaning(value, {})].map(
        ({ severity, ...issue }) => inScope(diagnosticAt([first, ...others], severity, issue)),
      ),
      ...crossChecks(value, document, [first, ...others]).map((each) => ({ ...inScope(each), ...each })),
    );
  return {
    revision,
    readable: true,
    value,
    document,
    agents: agentsOf(value, values),
    defaults: planRouting(value.defaults?.routing),
    diagnostics,
    values,
    places: Object.fromEntries(
      layers.map(({ scope }, index) => [scope, placesOf(reading.layers[index]?.document)]),
    ),
  };
}

const nothingRead: Omit<DraftReading, 'revision' | 'readable' | 'diagnostics'> = {
  value: {},
  document: { agents: [], providers: [] },
  agents: [],
  defaults: planRouting(undefined),
  values: [],
  places: {},
};

function agentsOf(value: LatticeYaml, values: LayerValues): DraftAgent[] {
  return Object.entries(value.agents ?? {}).map(([name, agent]) => {
    const byDefault = agent.routing === undefined;
    return {
      name,
      path: agent.path,
      description: agent.description,
      triggers: agent.triggers ?? [],
      isCommand: agent.run !== undefined && isCommandRun(agent.run) && byDefault,
      byDefault,
      plan: planRouting(agent.routing ?? value.defaults?.routing),
      origin: originOf(values, byDefault ? ['defaults', 'routing'] : ['agents', name, 'routing']),
    };
  });
}

type Crossed = Diagnostic & Pick<DraftProblem, 'other'>;

/** What no schema can see: two agents with one trigger, and models of providers that are not there. */
function crossChecks(value: LatticeYaml, document: RoutingDocument, layers: Layers): Crossed[] {
  const problems: Crossed[] = [];
  const owners = new Map<string, string>();
  for (const [name, agent] of Object.entries(value.agents ?? {})) {
    for (const [index, trigger] of (agent.triggers ?? []).entries()) {
      const owner = owners.get(trigger);
      if (owner === undefined) owners.set(trigger, name);
      else if (owner !== name)
        problems.push({
          ...diagnosticAt(layers, 'warning', {
            path: ['agents', name, 'triggers', index],
            of: 'value',
            message: `${owner} has the trigger ${trigger} too. ${owner} comes first, so it wins.`,
            suggestion: undefined,
          }),
          other: { label: `Go to ${owner}`, path: ['agents', owner, 'triggers'] },
        });
    }
  }
  const providers = document.providers.map(({ name }) => name);
  if (providers.length === 0) return problems;
  const places = [
    { at: ['defaults', 'routing'], routing: value.defaults?.routing },
    ...Object.entries(value.agents ?? {}).map(([name, { routing }]) => ({
      at: ['agents', name, 'routing'],
      routing,
    })),
  ];
  for (const { at, routing } of places) {
    for (const { path, model } of modelPlaces((routing ?? null) as PlainValue, at)) {
      const ref = modelRef(model);
      if (!ref.valid || providers.includes(ref.provider)) continue;
      const meant = closest(ref.provider, providers);
      const message = `There is no provider ${ref.provider}, so ${ref.name} is never used.`;
      const suggestion = meant === undefined ? undefined : `Did you mean ${meant}?`;
      problems.push(diagnosticAt(layers, 'warning', { path, of: 'value', message, suggestion }));
    }
  }
  return problems;
}

function modelPlaces(routing: PlainValue, at: YamlPath): { path: YamlPath; model: string }[] {
  const lists = [[], ['models'], ['pattern'], ['fallback_models']].flatMap((key) => {
    const list = plainAt(routing, key);
    return Array.isArray(list)
      ? list.flatMap((model, index) =>
          typeof model === 'string' ? [{ path: [...at, ...key, index], model }] : [],
        )
      : [];
  });
  const single = ['iterate', 'final'].flatMap((key) => {
    const model = plainAt(routing, [key]);
    return typeof model === 'string' ? [{ path: [...at, key], model }] : [];
  });
  const weights = plainAt(routing, ['weights']);
  const weighted =
    typeof weights === 'object' && weights !== null && !Array.isArray(weights)
      ? Object.keys(weights).map((model) => ({ path: [...at, 'weights', model], model }))
      : [];
  return [...lists, ...single, ...weighted];
}
