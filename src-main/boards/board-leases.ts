import { actorName } from '../../src-shared/tracker/actor.ts';
import { DEFAULT_HOLDERS, DEFAULT_TTL_SECONDS } from '../../src-shared/tracker/resource-replay.ts';
import type { BoardLeases } from '../../src-shared/views/board.ts';
import { actorView } from './actor-view.ts';
import type { OpenBoard } from './open-board.ts';

/** Who holds what on a board now, and which agents have a session. What only the config names counts as free. */
export function boardLeases({ storage, config, me }: OpenBoard, now = Date.now()): BoardLeases {
  const made = storage.resources.list().map((resource): BoardLeases['resources'][number] => {
    const held = resource.holders.filter(({ expires_at }) => Date.parse(expires_at) > now);
    return {
      name: resource.name,
      ...(resource.description === null ? {} : { description: resource.description }),
      places: resource.max_holders,
      ttl_seconds: resource.ttl_seconds,
      holders: held.map(({ actor, expires_at }) => ({ actor: actorView(actor), until: expires_at })),
      mine: held.some(({ actor }) => actorName(actor) === me),
    };
  });
  const known = new Set(made.map(({ name }) => name));
  const configured = Object.entries(config.resources ?? {})
    .filter(([name]) => !known.has(name))
    .map(([name, { description, max_holders = DEFAULT_HOLDERS, ttl_seconds = DEFAULT_TTL_SECONDS }]) => ({
      name,
      ...(description == null ? {} : { description }),
      places: max_holders,
      ttl_seconds,
      holders: [],
      mine: false,
    }));
  const sessions = storage.sessions.list().map(({ name, model, started_at, last_active }) => ({
    name,
    model: model ?? '',
    started_at,
    last_active,
  }));
  return { resources: [...made, ...configured], sessions };
}
