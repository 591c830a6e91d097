import type { Cap } from './caps.ts';
import { planRouting, type RoutingConfig, type RoutingPlan } from './plan.ts';

/** The parts of lattice.yaml that routing reads; the parsed document fits. */
export interface RoutingSections {
  readonly providers?: Readonly<Record<string, ProviderSection | null | undefined>> | null | undefined;
  readonly defaults?: { readonly routing?: RoutingConfig | undefined } | null | undefined;
  readonly agents?: Readonly<Record<string, AgentSection>> | null | undefined;
}

interface ProviderSection {
  readonly env?: string | undefined;
  readonly auth?: string | undefined;
  readonly local_budget?: 'unlimited' | number | undefined;
  readonly models?: readonly string[] | undefined;
  readonly [key: string]: unknown;
}

interface AgentSection {
  readonly description?: string | undefined;
  readonly triggers?: readonly string[] | undefined;
  readonly routing?: RoutingConfig | undefined;
  readonly run?: unknown;
  readonly [key: string]: unknown;
}

/** A cap as the configuration writes it, before anything is used. */
export type CapLimit = Omit<Cap, 'used' | 'estimated'>;

/** Dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cache_read?: number;
  readonly cache_write?: number;
}

/** A provider as routing sees it. */
export interface ProviderRouting {
  readonly name: string;
  /** The environment variable of its key. */
  readonly keyName: string | undefined;
  /** True when it asks for no key and no sign-in: it runs on this machine, and its models cost nothing. */
  readonly local: boolean;
  /** The models it has, where the configuration lists them. */
  readonly models: readonly string[] | undefined;
  readonly caps: readonly CapLimit[];
  /** Prices by `provider/model` that go before the price table. */
  readonly prices: Readonly<Record<string, ModelPrice>>;
}

/** An agent as routing sees it. */
export interface AgentRouting {
  readonly name: string;
  readonly triggers: readonly string[];
  readonly plan: RoutingPlan;
  /** True when the agent has no routing of its own and goes by the defaults. */
  readonly byDefault: boolean;
  readonly caps: readonly CapLimit[];
}

/** What lattice.yaml says about routing, in the order of the file. */
export interface RoutingDocument {
  readonly agents: readonly AgentRouting[];
  readonly providers: readonly ProviderRouting[];
}

/** Reads the routing out of a parsed document. Agents that run a command and name no routing call no model and are left out. */
export function routingDocument(sections: RoutingSections): RoutingDocument {
  const agents = Object.entries(sections.agents ?? {}).filter(
    ([, agent]) => record(agent.run).command === undefined || agent.routing !== undefined,
  );
  return {
    agents: agents.map(([name, agent]) => ({
      name,
      triggers: agent.triggers ?? [],
      plan: planRouting(agent.routing ?? sections.defaults?.routing),
      byDefault: agent.routing === undefined,
      caps: capLimits('agent', name, agent),
    })),
    providers: Object.entries(sections.providers ?? {}).map(([name, section]) =>
      provider(name, section ?? {}),
    ),
  };
}

function provider(name: string, section: ProviderSection): ProviderRouting {
  const modelCaps = Object.entries(record(section.model_caps)).flatMap(([model, caps]) =>
    capLimits('model', `${name}/${model}`, record(caps)),
  );
  const prices = Object.entries(record(section.prices)).flatMap(([model, price]): [string, ModelPrice][] => {
    const read = modelPrice(record(price));
    return read === undefined ? [] : [[`${name}/${model}`, read]];
  });
  return {
    name,
    keyName: section.env,
    local: section.env === undefined && section.auth === undefined,
    models: section.models,
    caps: [...capLimits('provider', name, section), ...modelCaps],
    prices: Object.fromEntries(prices),
  };
}

/** `local_budget` holds for a calendar month, as bills do; `daily_budget` and `daily_calls` for a day. */
function capLimits(
  scope: Cap['scope'],
  name: string,
  section: Readonly<Record<string, unknown>>,
): CapLimit[] {
  const limits: CapLimit[] = [];
  const add = (value: unknown, unit: Cap['unit'], per: Cap['per']) => {
    if (typeof value === 'number' && value >= 0) limits.push({ scope, name, unit, per, limit: value });
  };
  add(section.local_budget, 'usd', 'month');
  add(section.daily_budget, 'usd', 'day');
  add(section.daily_calls, 'calls', 'day');
  return limits;
}

function modelPrice(written: Readonly<Record<string, unknown>>): ModelPrice | undefined {
  const { input, output, cache_read: read, cache_write: write } = written;
  if (!isPrice(input) || !isPrice(output)) return undefined;
  return {
    input,
    output,
    ...(isPrice(read) ? { cache_read: read } : {}),
    ...(isPrice(write) ? { cache_write: write } : {}),
  };
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** The agent that a request names, by its trigger (`/plan the release`) or by its name, and the rest of the request. */
export interface AgentMatch {
  readonly agent: AgentRouting;
  readonly trigger: string | undefined;
  readonly text: string;
}

/** Finds who answers a request. When two agents share a trigger, the first in the file has it. */
export function matchAgent(document: RoutingDocument, request: string): AgentMatch | undefined {
  const trimmed = request.trim();
  const word = trimmed.split(/\s/, 1)[0] ?? '';
  const text = trimmed.slice(word.length).trim();
  const byTrigger = document.agents.find((agent) => agent.triggers.includes(word));
  if (byTrigger !== undefined) return { agent: byTrigger, trigger: word, text };
  const byName = document.agents.find((agent) => agent.name === word);
  return byName && { agent: byName, trigger: undefined, text };
}
