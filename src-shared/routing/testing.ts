import { type Availability, type AvailabilityFacts, availabilityOf } from './availability.ts';

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
