import { z } from 'zod';
import { sameJson } from './json.ts';

/** An actor that writes through a session: a named, numbered agent. */
export interface SessionActor {
  readonly name: string;
  readonly base_name?: string;
  readonly serial?: number;
  readonly session?: string;
  readonly model?: string;
  readonly framework?: string;
  readonly agent_type?: string;
  readonly [key: string]: unknown;
}

/** Who did something: `human:ann`, or the object of a session. Both forms occur wherever an actor does. */
export type Actor = string | SessionActor;

export const actorSchema: z.ZodType<Actor> = z.union([
  z.string().min(1),
  z.looseObject({ name: z.string().min(1) }),
]) as z.ZodType<Actor>;

const PREFIXES: readonly string[] = ['agent', 'human', 'team', 'dashboard'];

/** True for `prefix:identifier` with one of the four prefixes, the only form a writer may use as text. */
export function isActorText(value: string): boolean {
  const colon = value.indexOf(':');
  return PREFIXES.includes(value.slice(0, Math.max(colon, 0))) && value.slice(colon + 1).trim() !== '';
}

/** The name to show and to compare by: the text itself, or the name of the session. */
export function actorName(actor: Actor): string {
  return typeof actor === 'string' ? actor : actor.name;
}

/** True for the same text, or for sessions of one name. */
export function sameActor(a: Actor | null | undefined, b: Actor | null | undefined): boolean {
  if (a == null || b == null) return (a ?? null) === (b ?? null);
  if (sameJson(a, b)) return true;
  return typeof a === 'object' && typeof b === 'object' && a.name === b.name;
}

/** Whether a person or a machine acts; sessions belong to agents. */
export function actorKind(actor: Actor): 'human' | 'agent' | 'team' | 'dashboard' | 'other' {
  if (typeof actor !== 'string') return 'agent';
  const prefix = actor.split(':', 1)[0] ?? '';
  switch (prefix) {
    case 'human':
    case 'agent':
    case 'team':
    case 'dashboard':
      return prefix;
    default:
      return 'other';
  }
}
