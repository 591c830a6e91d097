import { sameActor } from './actor.ts';
import type { ResourceEvent } from './event.ts';
import { dataOf } from './event-data.ts';
import type { JsonValue } from './json.ts';
import type { ReplayProblem } from './replay.ts';
import type { ResourceHolder, ResourceSnapshot } from './snapshot.ts';

/** How many may hold a resource at once, when its log does not say. */
export const DEFAULT_HOLDERS = 1;
/** How long a lease lasts without a sign of life, in seconds, when its log does not say. */
export const DEFAULT_TTL_SECONDS = 300;

/** The state of a resource after its events. */
export interface ResourceReplay {
  /** Undefined when no event creates the resource. */
  readonly resource: ResourceSnapshot | undefined;
  readonly problems: readonly ReplayProblem[];
}

const NOTHING: ResourceReplay = { resource: undefined, problems: [] };

/** Plays the events of one resource in the order of the log. */
export function replayResource(events: Iterable<ResourceEvent>, start = NOTHING): ResourceReplay {
  let { resource } = start;
  const problems = [...start.problems];
  for (const event of events) {
    const next = applyResourceEvent(resource, event);
    if (typeof next === 'string') problems.push({ event_id: event.id, message: next });
    else resource = next;
  }
  return { resource, problems };
}

function applyResourceEvent(
  resource: ResourceSnapshot | undefined,
  event: ResourceEvent,
): ResourceSnapshot | string {
  if (event.type === 'resource_created') {
    return resource === undefined ? createResource(event) : 'The resource is created a second time.';
  }
  if (resource === undefined) return 'The event comes before the resource is created.';
  const change = changeOf(resource, event);
  if (typeof change === 'string') return change;
  return { ...resource, ...change, last_event_id: event.id, updated_at: event.ts };
}

/** The resource that a `resource_created` event begins. */
export function createResource(event: ResourceEvent): ResourceSnapshot {
  const data = dataOf('resource_created', event);
  return {
    schema_version: 1,
    id: event.resource_id,
    name: data.name,
    description: data.description ?? null,
    max_holders: data.max_holders ?? DEFAULT_HOLDERS,
    ttl_seconds: data.ttl_seconds ?? DEFAULT_TTL_SECONDS,
    holders: [],
    created_by: event.actor,
    created_at: event.ts,
    updated_at: event.ts,
    last_event_id: event.id,
  };
}

const CHANGEABLE: ReadonlyMap<string, (value: JsonValue) => boolean> = new Map([
  ['description', (value: JsonValue) => value === null || typeof value === 'string'],
  ['max_holders', (value: JsonValue) => Number.isSafeInteger(value) && Number(value) > 0],
  ['ttl_seconds', (value: JsonValue) => typeof value === 'number' && value > 0],
]);

function changeOf(resource: ResourceSnapshot, event: ResourceEvent): Partial<ResourceSnapshot> | string {
  switch (event.type) {
    case 'resource_acquired': {
      const { holder, expires_at, task_id } = dataOf('resource_acquired', event);
      const added: ResourceHolder = {
        actor: holder,
        acquired_at: event.ts,
        expires_at,
        last_heartbeat: event.ts,
        ...(task_id == null ? {} : { task_id }),
      };
      return { holders: [...resource.holders, added] };
    }
    case 'resource_released':
    case 'resource_expired': {
      const { holder } = dataOf('resource_released', event);
      return { holders: resource.holders.filter((each) => !sameActor(each.actor, holder)) };
    }
    case 'resource_heartbeat': {
      const { holder, expires_at } = dataOf('resource_heartbeat', event);
      const extend = (each: ResourceHolder): ResourceHolder =>
        sameActor(each.actor, holder) ? { ...each, expires_at, last_heartbeat: event.ts } : each;
      return { holders: resource.holders.map(extend) };
    }
    case 'resource_updated': {
      const { field, new_value: value } = dataOf('resource_updated', event);
      const fits = CHANGEABLE.get(field);
      if (fits === undefined) return `The field ${field} cannot be changed by resource_updated.`;
      return fits(value) ? { [field]: value } : `The new value of ${field} is not of the right kind.`;
    }
    default:
      return {};
  }
}
