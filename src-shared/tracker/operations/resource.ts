import { type Actor, actorName, sameActor } from '../actor.ts';
import type { ResourceEvent } from '../event.ts';
import { checkText } from '../fields.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { MAX_TEXT } from '../limits.ts';
import { createResource, DEFAULT_HOLDERS, DEFAULT_TTL_SECONDS, replayResource } from '../resource-replay.ts';
import type { ResourceHolder, ResourceSnapshot } from '../snapshot.ts';
import { formatTimestamp, timestampMs } from '../timestamp.ts';
import { type Refusal, refuse } from '../verdict.ts';
import { checkActor, eventBase, type OperationContext } from './operation.ts';

/** A plan for one resource, or why it is refused. No events means that everything already is as asked. */
export type ResourcePlan =
  | {
      readonly ok: true;
      readonly events: readonly ResourceEvent[];
      /** The resource after the events. */
      readonly resource: ResourceSnapshot;
      readonly note?: string;
    }
  | Refusal;

/** A new resource. */
export interface ResourceInput {
  /** Letters, digits, `.`, `_` and `-`, at most 64. */
  readonly name: string;
  readonly description?: string;
  readonly maxHolders?: number;
  readonly ttlSeconds?: number;
  /** An id of the caller. */
  readonly id?: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MAX_TTL_SECONDS = 366 * 24 * 60 * 60;

/** Plans a resource. `existing` is the one of that name, if any. */
export function planResourceCreate(
  existing: ResourceSnapshot | undefined,
  input: ResourceInput,
  context: OperationContext,
): ResourcePlan {
  const refusal = checkActor(context.actor) ?? checkResource(input);
  if (refusal !== undefined) return refusal;
  if (existing !== undefined) {
    if (existing.id === input.id)
      return { ok: true, events: [], resource: existing, note: 'It exists already.' };
    return refuse('CONFLICT', `Resource ${input.name} already exists.`);
  }
  const id = input.id ?? context.newId('res');
  const data = {
    name: input.name,
    max_holders: input.maxHolders ?? DEFAULT_HOLDERS,
    ttl_seconds: input.ttlSeconds ?? DEFAULT_TTL_SECONDS,
    ...(input.description === undefined ? {} : { description: input.description }),
  };
  const event = resourceEvent(id, 'resource_created', data, context);
  return { ok: true, events: [event], resource: createResource(event) };
}

function checkResource(input: ResourceInput): Refusal | undefined {
  if (!NAME.test(input.name)) {
    return refuse('VALIDATION_ERROR', `${JSON.stringify(input.name)} is no name for a resource.`, {
      hint: 'Letters, digits, ., _ and -, at most 64.',
    });
  }
  const { maxHolders = DEFAULT_HOLDERS, ttlSeconds = DEFAULT_TTL_SECONDS } = input;
  if (!Number.isSafeInteger(maxHolders) || maxHolders < 1) {
    return refuse('VALIDATION_ERROR', 'A resource has at least one holder.');
  }
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > MAX_TTL_SECONDS) {
    return refuse('VALIDATION_ERROR', 'A lease lasts whole seconds, from one second to a year.');
  }
  const text = checkText('description', input.description ?? '', MAX_TEXT);
  return text.ok ? undefined : text;
}

/** Plans a lease. Leases that ran out are taken back first; `force` takes one from a holder that is alive. */
export function planAcquire(
  resource: ResourceSnapshot,
  input: { readonly taskId?: string; readonly force?: boolean },
  context: OperationContext,
): ResourcePlan {
  const refusal = checkActor(context.actor);
  if (refusal !== undefined) return refusal;
  const events = expiredEvents(resource, context);
  const alive = livingHolders(resource, context.now);
  const expires_at = leaseEnd(resource, context.now);
  const holder = context.actor as JsonValue;
  const { reason } = context.provenance ?? {};
  if (alive.some((each) => sameActor(each.actor, context.actor))) {
    return withEvents(resource, [
      ...events,
      resourceEvent(resource.id, 'resource_heartbeat', { holder, expires_at }, context),
    ]);
  }
  const first = alive[0];
  if (first !== undefined && alive.length >= resource.max_holders) {
    if (input.force !== true) return heldRefusal(resource, alive);
    const evicted = { holder: first.actor as JsonValue, reason: reason ?? 'taken by force' };
    events.push(resourceEvent(resource.id, 'resource_released', evicted, context));
  }
  const data = {
    holder,
    expires_at,
    ...(input.taskId === undefined ? {} : { task_id: input.taskId }),
    ...(reason === undefined ? {} : { reason }),
  };
  return withEvents(resource, [...events, resourceEvent(resource.id, 'resource_acquired', data, context)]);
}

function heldRefusal(resource: ResourceSnapshot, alive: readonly ResourceHolder[]): Refusal {
  const names = alive.map((each) => `${actorName(each.actor)} until ${each.expires_at}`);
  return refuse('RESOURCE_HELD', `${resource.name} is held by ${names.join(', ')}.`, {
    hint: 'Wait with --wait, or take it with --force.',
    details: { holders: alive },
  });
}

/** Plans the end of the actor's own lease. */
export function planRelease(resource: ResourceSnapshot, context: OperationContext): ResourcePlan {
  const mine = holding(resource, context.actor);
  if (mine === undefined) return notHeld(resource, context);
  const data = {
    holder: mine.actor as JsonValue,
    ...(mine.task_id === undefined ? {} : { task_id: mine.task_id }),
    ...(context.provenance?.reason === undefined ? {} : { reason: context.provenance.reason }),
  };
  return withEvents(resource, [resourceEvent(resource.id, 'resource_released', data, context)]);
}

/** Plans a sign of life, which makes the actor's lease longer. A lease that ran out cannot be kept. */
export function planHeartbeat(resource: ResourceSnapshot, context: OperationContext): ResourcePlan {
  const mine = holding(resource, context.actor);
  if (mine === undefined) return notHeld(resource, context);
  if (hasExpired(mine, context.now)) {
    return refuse('EXPIRED', `The lease on ${resource.name} ran out at ${mine.expires_at}.`, {
      hint: 'Acquire it again.',
    });
  }
  const data = { holder: mine.actor as JsonValue, expires_at: leaseEnd(resource, context.now) };
  return withEvents(resource, [resourceEvent(resource.id, 'resource_heartbeat', data, context)]);
}

function notHeld(resource: ResourceSnapshot, context: OperationContext): Refusal {
  return refuse('NOT_HELD', `${actorName(context.actor)} does not hold ${resource.name}.`);
}

function holding(resource: ResourceSnapshot, actor: Actor): ResourceHolder | undefined {
  return resource.holders.find((each) => sameActor(each.actor, actor));
}

/** The holders whose lease has not run out. */
function livingHolders(resource: ResourceSnapshot, now: Date): ResourceHolder[] {
  return resource.holders.filter((each) => !hasExpired(each, now));
}

function hasExpired(holder: ResourceHolder, now: Date): boolean {
  return (timestampMs(holder.expires_at) ?? 0) <= now.getTime();
}

function expiredEvents(resource: ResourceSnapshot, context: OperationContext): ResourceEvent[] {
  return resource.holders
    .filter((each) => hasExpired(each, context.now))
    .map((each) =>
      resourceEvent(
        resource.id,
        'resource_expired',
        {
          holder: each.actor as JsonValue,
          expired_at: each.expires_at,
          reclaimed_by: context.actor as JsonValue,
        },
        context,
      ),
    );
}

function leaseEnd(resource: ResourceSnapshot, now: Date): string {
  const seconds = Math.min(resource.ttl_seconds, MAX_TTL_SECONDS);
  return formatTimestamp(new Date(now.getTime() + seconds * 1_000));
}

function resourceEvent(id: string, type: string, data: JsonObject, context: OperationContext): ResourceEvent {
  return { resource_id: id, id: context.newId('ev'), type, data, ...eventBase(context) };
}

function withEvents(resource: ResourceSnapshot, events: readonly ResourceEvent[]): ResourcePlan {
  const after = replayResource(events, { resource, problems: [] });
  return { ok: true, events, resource: after.resource ?? resource };
}
