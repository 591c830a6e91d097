import { type Actor, actorKind, actorName } from '../../src-shared/tracker/actor.ts';
import type { ActorView } from '../../src-shared/views/board.ts';

const KINDS = { human: 'person', agent: 'agent', team: 'team', dashboard: 'person', other: 'other' } as const;
/** Longest name that the window gets, in characters. */
const NAME_LIMIT = 80;

/** An actor as the window names it. */
export function actorView(actor: Actor): ActorView {
  const key = actorName(actor);
  const colon = key.indexOf(':');
  const name = typeof actor === 'string' && colon > 0 ? key.slice(colon + 1) : key;
  return { key, name: name.slice(0, NAME_LIMIT), kind: KINDS[actorKind(actor)] };
}

/** A name as the identifier of an actor: what would part it in two or break a line is left out. */
export function actorIdentifier(name: string): string {
  const plain = name
    .trim()
    .replaceAll(/[\s:]+/g, '-')
    .slice(0, NAME_LIMIT);
  return plain === '' ? 'unknown' : plain;
}
