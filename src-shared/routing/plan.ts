import { type ModelRef, modelRef, shown } from './model-ref.ts';

export const strategies = [
  'fallback',
  'pattern',
  'weighted',
  'round_robin',
  'burst',
  'least_cost',
  'lowest_latency',
] as const;
export type Strategy = (typeof strategies)[number];

/** What happens when the model whose turn it is cannot be used. */
type OnUnavailable = 'next' | 'retry' | 'fallback';

/** The routing of an agent as the configuration writes it: a plain list is `fallback`, an object names a strategy. */
export type RoutingConfig = readonly string[] | RoutingObject;

interface RoutingObject {
  readonly strategy: Strategy;
  readonly [key: string]: unknown;
}

interface PlanBase {
  /** Every model of the strategy once, in the order of the configuration. */
  readonly models: readonly ModelRef[];
  readonly onUnavailable: OnUnavailable;
  readonly fallbackModels: readonly ModelRef[];
  /** Whether choices are counted per model. */
  readonly track: boolean;
  /** Whether one session keeps the model it began with. */
  readonly sticky: boolean;
  /** What is wrong with the configuration; routing goes on with the rest. */
  readonly problems: readonly string[];
}

/** Tried by rank: the order of the configuration, the price or the speed. */
export interface RankedPlan extends PlanBase {
  readonly strategy: 'fallback' | 'least_cost' | 'lowest_latency';
}

/** Slots taken one after the other, then from the start again. */
export interface SequencePlan extends PlanBase {
  readonly strategy: 'pattern' | 'round_robin';
  readonly slots: readonly ModelRef[];
}

/** Drawn by weight. A `seed` makes the row of draws repeatable. */
export interface WeightedPlan extends PlanBase {
  readonly strategy: 'weighted';
  /** One weight per model of `models`, 0 or more. */
  readonly weights: readonly number[];
  readonly total: number;
  readonly seed: number | undefined;
}

/** A cheap model for `size` calls, then the final one. Without a size only the trigger calls for the final one. */
export interface BurstPlan extends PlanBase {
  readonly strategy: 'burst';
  readonly iterate: ModelRef;
  readonly final: ModelRef;
  readonly size: number | undefined;
  /** Text in a request that calls for the final model now; compared without regard to case. */
  readonly trigger: string | undefined;
  /** When the final model comes, in words. */
  readonly finalWords: string;
}

/** Routing made ready for decisions. */
export type RoutingPlan = RankedPlan | SequencePlan | WeightedPlan | BurstPlan;

const DEFAULT_BURST_SIZE = 5;

/**
 * Strategies that choose a model by its merits hold on to it for a session, as a change throws the provider's prompt
 * cache away. A pattern, a round robin and a burst change the model by call because a person wrote them so.
 */
const KEEPS_SESSIONS: ReadonlySet<unknown> = new Set(['weighted', 'least_cost', 'lowest_latency']);

/** What holds where the configuration says nothing. */
export interface PlanDefaults {
  sticky?: boolean;
}

/**
 * Makes a plan from the configuration. Never throws: what makes no sense is left out and named in `problems`, and
 * a plan without models answers every decision with the reason.
 */
export function planRouting(
  config: RoutingConfig | undefined | null,
  defaults: PlanDefaults = {},
): RoutingPlan {
  const problems: string[] = [];
  const object: Partial<RoutingObject> =
    config === undefined || config === null
      ? {}
      : Array.isArray(config)
        ? { strategy: 'fallback', models: config }
        : (config as RoutingObject);
  if (config === undefined || config === null) problems.push('There is no routing, and no default either.');
  const fallbackModels = list(object.fallback_models);
  const base = {
    onUnavailable: onUnavailable(object.on_unavailable, fallbackModels, problems),
    fallbackModels: distinct(fallbackModels),
    track: object.track === true,
    sticky:
      typeof object.sticky === 'boolean'
        ? object.sticky
        : (defaults.sticky ?? KEEPS_SESSIONS.has(object.strategy)),
    problems,
  };
  switch (object.strategy) {
    case 'pattern':
      return sequence('pattern', list(object.pattern), 'The pattern is empty.', base);
    case 'round_robin':
      return sequence('round_robin', list(object.models), 'The list of models is empty.', base);
    case 'weighted':
      return weighted(object, base);
    case 'burst':
      return burst(object, base);
    case 'least_cost':
    case 'lowest_latency':
      return ranked(object.strategy, list(object.models), base);
    case 'fallback':
    case undefined:
      return ranked('fallback', list(object.models), base);
    default:
      problems.push(`There is no strategy ${shown(object.strategy)}.`);
      return ranked('fallback', list(object.models), base);
  }
}

type Base = Omit<PlanBase, 'models' | 'problems'> & { problems: string[] };

function ranked(strategy: RankedPlan['strategy'], models: ModelRef[], base: Base): RankedPlan {
  if (models.length === 0 && base.problems.length === 0) base.problems.push('The list of models is empty.');
  return { ...base, strategy, models: distinct(models) };
}

function sequence(
  strategy: SequencePlan['strategy'],
  slots: ModelRef[],
  whenEmpty: string,
  base: Base,
): SequencePlan {
  if (slots.length === 0) base.problems.push(whenEmpty);
  const models = distinct(slots);
  const byName = new Map(models.map((ref) => [ref.name, ref]));
  return { ...base, strategy, models, slots: slots.map((slot) => byName.get(slot.name) ?? slot) };
}

function weighted(object: Partial<RoutingObject>, base: Base): WeightedPlan {
  const written = object.weights;
  const entries = typeof written === 'object' && written !== null ? Object.entries(written) : [];
  const weights = entries.map(([name, weight]) => {
    if (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0) return weight;
    base.problems.push(`The weight of ${name} is not a number from 0 up.`);
    return 0;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (entries.length === 0) base.problems.push('There are no weights.');
  else if (!(total > 0)) base.problems.push('All weights are 0.');
  else if (!Number.isFinite(total)) base.problems.push('The weights add up to more than can be counted.');
  return {
    ...base,
    strategy: 'weighted',
    models: entries.map(([name]) => modelRef(name)),
    weights,
    total: Number.isFinite(total) ? total : 0,
    seed: typeof object.seed === 'number' && Number.isFinite(object.seed) ? object.seed : undefined,
  };
}

function burst(object: Partial<RoutingObject>, base: Base): BurstPlan {
  const trigger = typeof object.final_trigger === 'string' ? object.final_trigger.trim().toLowerCase() : '';
  const written = object.burst_size;
  const valid = typeof written === 'number' && Number.isSafeInteger(written) && written >= 1;
  if (written !== undefined && !valid) base.problems.push('The burst size is not a whole number from 1 up.');
  for (const key of ['iterate', 'final'] as const)
    if (typeof object[key] !== 'string') base.problems.push(`The burst has no ${key} model.`);
  const iterate = modelRef(object.iterate ?? '');
  const final = modelRef(object.final ?? '');
  const models = distinct([iterate, final]);
  const size = valid ? written : trigger === '' ? DEFAULT_BURST_SIZE : undefined;
  const when = [
    ...(size === undefined ? [] : [`after ${size} calls`]),
    ...(trigger === '' ? [] : [`when a request says "${trigger}"`]),
  ];
  return {
    ...base,
    strategy: 'burst',
    models,
    iterate,
    final,
    size,
    trigger: trigger === '' ? undefined : trigger,
    finalWords: `comes ${when.join(', or ')}`,
  };
}

/** Naming stand-ins can only mean that they are wanted, so a list without `on_unavailable` counts as `fallback`. */
function onUnavailable(
  written: unknown,
  fallbackModels: readonly ModelRef[],
  problems: string[],
): OnUnavailable {
  switch (written) {
    case 'next':
    case 'retry':
      if (fallbackModels.length > 0)
        problems.push(`The fallback models are not used: on_unavailable is ${written}.`);
      return written;
    case 'fallback':
      if (fallbackModels.length === 0)
        problems.push('on_unavailable is fallback, but there are no fallback models.');
      return 'fallback';
    case undefined:
      return fallbackModels.length > 0 ? 'fallback' : 'next';
    default:
      problems.push(`on_unavailable cannot be ${shown(written)}: use next, retry or fallback.`);
      return 'next';
  }
}

function list(written: unknown): ModelRef[] {
  return Array.isArray(written) ? written.map(modelRef) : [];
}

function distinct(refs: readonly ModelRef[]): ModelRef[] {
  return [...new Map(refs.map((ref) => [ref.name, ref])).values()];
}

/** A plan in a few words, such as `pattern 3:1` or `weighted 50:50`. */
export function planLabel(plan: RoutingPlan): string {
  switch (plan.strategy) {
    case 'pattern':
      return `pattern ${plan.models.map((ref) => plan.slots.filter((slot) => slot === ref).length).join(':')}`;
    case 'weighted':
      return `weighted ${plan.weights.join(':')}`;
    case 'round_robin':
      return `round robin of ${plan.slots.length}`;
    case 'burst':
      return plan.size === undefined ? `burst until "${plan.trigger}"` : `burst of ${plan.size}, then final`;
    case 'fallback':
      return `fallback over ${plan.models.length}`;
    case 'least_cost':
      return `least cost of ${plan.models.length}`;
    case 'lowest_latency':
      return `lowest latency of ${plan.models.length}`;
    default:
      return plan satisfies never;
  }
}

/** Whether the next model can be known before the call: draws without a seed cannot. */
export function isForeseeable(plan: RoutingPlan): boolean {
  return plan.strategy !== 'weighted' || plan.seed !== undefined;
}
