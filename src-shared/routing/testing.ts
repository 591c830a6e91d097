import { type Availability, type AvailabilityFacts, allAvailable, availabilityOf } from './availability.ts';
import { decide, type RouteRequest } from './decide.ts';
import type { Decision } from './decision.ts';
import { planRouting, type RoutingConfig } from './plan.ts';
import { seededRandom } from './random.ts';
import { type AgentRoutingState, initialState } from './state.ts';

export const SONNET = 'anthropic/claude-sonnet-4-5';
export const GPT = 'openai/gpt-4o';
export const LLAMA = 'ollama/llama3.1:8b';
export const GEMINI = 'google/gemini-2.5-pro';

/** Noon of a day without a change of clocks. */
export const NOON = new Date(2026, 10, 21, 12).getTime();

/** Facts under which every model of these four providers can be used. */
export function factsWith(change: Partial<AvailabilityFacts> = {}): AvailabilityFacts {
  return {
    now: NOON,
    agent: 'coder',
    providers: { anthropic: {}, openai: {}, ollama: {}, google: {} },
    cool_downs: {},
    caps: [],
    costs: {},
    latencies: {},
    ...change,
  };
}

/** Everything can be used but the providers named here, whose key is missing. */
export function without(...providers: string[]): Availability {
  const facts = factsWith();
  const missing = providers.map((name) => [
    name,
    { key: { name: `${name.toUpperCase()}_KEY`, present: false } },
  ]);
  return availabilityOf({ ...facts, providers: { ...facts.providers, ...Object.fromEntries(missing) } });
}

/** Decides `count` times in a row. */
export function run(
  config: RoutingConfig,
  count: number,
  options: { availability?: Availability; state?: AgentRoutingState; request?: RouteRequest } = {},
): Decision[] {
  const plan = planRouting(config);
  const random = seededRandom(7);
  const decisions: Decision[] = [];
  let state = options.state ?? initialState(plan.strategy);
  for (let call = 0; call < count; call++) {
    const decision = decide(plan, state, options.availability ?? allAvailable, random, options.request);
    decisions.push(decision);
    state = decision.state;
  }
  return decisions;
}

/** The model of each decision, or how it ended without one. */
export const modelsOf = (decisions: Decision[]) =>
  decisions.map((each) => (each.outcome === 'chosen' ? each.model : each.outcome));

/** The last of some decisions. */
export const last = (decisions: Decision[]): Decision => {
  const decision = decisions.at(-1);
  if (decision === undefined) throw new Error('There is no decision.');
  return decision;
};
