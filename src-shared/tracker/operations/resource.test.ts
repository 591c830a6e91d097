import { describe, expect, it } from 'vitest';
import { readResourceEvent } from '../event.ts';
import { type JsonValue, parseJson } from '../json.ts';
import { replayResource } from '../resource-replay.ts';
import { serialiseDocument, serialiseLine } from '../serialise.ts';
import { EMPTY_SESSIONS, endSession, readSession, sessionActor, startSession } from '../session.ts';
import type { ResourceSnapshot } from '../snapshot.ts';
import { refusalCode, T0, testContexts } from '../testing.ts';
import {
  planAcquire,
  planHeartbeat,
  planRelease,
  planResourceCreate,
  type ResourcePlan,
} from './resource.ts';

const contexts = testContexts();

function context(actor: string, seconds: number) {
  return contexts(actor, { now: new Date(T0 + seconds * 1_000) });
}

/** The resource after a plan, replayed from the text of its events. */
function follow(before: ResourceSnapshot | undefined, plan: ResourcePlan): ResourceSnapshot {
  if (!plan.ok) throw new Error(plan.message);
  const events = plan.events.map((event) => {
    const reading = readResourceEvent(parseJson(serialiseLine(event)));
    if (!reading.ok) throw new Error(reading.problem);
    return reading.event;
  });
  const { resource, problems } = replayResource(events, { resource: before, problems: [] });
  expect(problems).toEqual([]);
  expect(serialiseDocument(resource ?? {})).toBe(serialiseDocument(plan.resource));
  return plan.resource;
}

const gpu = follow(
  undefined,
  planResourceCreate(undefined, { name: 'gpu', maxHolders: 2, ttlSeconds: 60 }, context('human:ann', 0)),
);

describe('a resource', () => {
  it('has as many holders as it allows, until their leases run out', () => {
    const one = follow(gpu, planAcquire(gpu, { taskId: 'task_1' }, context('agent:a', 0)));
    const two = follow(one, planAcquire(one, {}, context('agent:b', 30)));
    expect(two.holders).toMatchObject([
      { actor: 'agent:a', expires_at: '2026-11-21T08:01:00Z', task_id: 'task_1' },
      { actor: 'agent:b', expires_at: '2026-11-21T08:01:30Z' },
    ]);
    expect(planAcquire(two, {}, context('agent:c', 59))).toMatchObject({
      code: 'RESOURCE_HELD',
      message: 'gpu is held by agent:a until 2026-11-21T08:01:00Z, agent:b until 2026-11-21T08:01:30Z.',
    });
    const three = planAcquire(two, {}, context('agent:c', 60));
    expect(three.ok && three.events.map((event) => event.type)).toEqual([
      'resource_expired',
      'resource_acquired',
    ]);
    expect(follow(two, three).holders.map((holder) => holder.actor)).toEqual(['agent:b', 'agent:c']);
  });

  it('is held on by a sign of life and by asking again', () => {
    const held = follow(gpu, planAcquire(gpu, {}, context('agent:a', 0)));
    for (const plan of [
      planHeartbeat(held, context('agent:a', 50)),
      planAcquire(held, {}, context('agent:a', 50)),
    ]) {
      expect(follow(held, plan).holders).toMatchObject([{ expires_at: '2026-11-21T08:01:50Z' }]);
    }
    expect(refusalCode(planHeartbeat(held, context('agent:a', 60)))).toBe('EXPIRED');
    expect(refusalCode(planHeartbeat(held, context('agent:b', 1)))).toBe('NOT_HELD');
    expect(refusalCode(planRelease(held, context('agent:b', 1)))).toBe('NOT_HELD');
    expect(follow(held, planRelease(held, context('agent:a', 1))).holders).toEqual([]);
  });

  it('is taken by force from the one who has had it longest', () => {
    const one = follow(gpu, planAcquire(gpu, {}, context('agent:a', 0)));
    const two = follow(one, planAcquire(one, {}, context('agent:b', 1)));
    const taken = follow(two, planAcquire(two, { force: true }, context('human:ann', 2)));
    expect(taken.holders.map((holder) => holder.actor)).toEqual(['agent:b', 'human:ann']);
  });

  it('keeps its rules when its log is changed by hand', () => {
    const change = (field: string, value: JsonValue) => {
      const event = { ...context('human:ann', 1), schema_version: 1, id: 'ev_u', ts: '2026-11-21T08:00:01Z' };
      const data = { field, new_value: value };
      const whole = { ...event, type: 'resource_updated', resource_id: gpu.id, data };
      return replayResource([whole], { resource: gpu, problems: [] });
    };
    const endless = change('ttl_seconds', 1e300).resource ?? gpu;
    const held = planAcquire(endless, {}, context('agent:a', 0));
    expect(held).toMatchObject({ ok: true, resource: { holders: [{ expires_at: '2027-11-22T08:00:00Z' }] } });
    for (const [field, value] of [
      ['max_holders', 'many'],
      ['max_holders', 0],
      ['ttl_seconds', null],
      ['holders', []],
      ['__proto__', {}],
    ] as const) {
      expect(change(field, value)).toMatchObject({ resource: gpu, problems: [{ event_id: 'ev_u' }] });
    }
  });

  it('refuses rubbish', () => {
    const inputs = [
      { name: '' },
      { name: '../x' },
      { name: 'a/b' },
      { name: 'a', maxHolders: 0 },
      { name: 'a', ttlSeconds: 0.5 },
      { name: 'a', ttlSeconds: Number.NaN },
      { name: 'a', ttlSeconds: 1e12 },
    ];
    for (const input of inputs) {
      expect(refusalCode(planResourceCreate(undefined, input, context('human:ann', 0)))).toBe(
        'VALIDATION_ERROR',
      );
    }
    expect(refusalCode(planResourceCreate(gpu, { name: 'gpu' }, context('human:ann', 0)))).toBe('CONFLICT');
    expect(planResourceCreate(gpu, { name: 'gpu', id: gpu.id }, context('human:ann', 0))).toMatchObject({
      events: [],
    });
    expect(refusalCode(planAcquire(gpu, {}, context('nobody', 0)))).toBe('INVALID_ACTOR');
  });
});

describe('a session', () => {
  const input = { baseName: 'Argus', model: 'm', framework: 'claude-code', sessionId: 'sess_1' };

  it('gets the next number of its name, and never one that was used', () => {
    const first = startSession(EMPTY_SESSIONS, input, new Date(T0));
    if (!first.ok) throw new Error(first.message);
    const read = readSession(serialiseDocument(first.session));
    expect(read).toEqual(first.session);
    expect(sessionActor(first.session)).toEqual({
      name: 'Argus-1',
      base_name: 'Argus',
      serial: 1,
      session: 'sess_1',
      model: 'm',
      framework: 'claude-code',
    });
    const ended = endSession(first.index, first.session, new Date(T0 + 1_000), 'done');
    expect(ended.session).toMatchObject({
      status: 'ended',
      ended_at: '2026-11-21T08:00:01Z',
      end_reason: 'done',
    });
    expect(ended.index).toEqual({ serial_counters: { Argus: 1 }, active_sessions: {} });
    expect(startSession(ended.index, input, new Date(T0))).toMatchObject({ session: { name: 'Argus-2' } });
  });

  it.each(['', 'a b', 'a/b', '..', 'Argus-1', 'a\\b', 'x'.repeat(65)])('refuses the name %j', (baseName) => {
    expect(startSession(EMPTY_SESSIONS, { ...input, baseName }, new Date(T0))).toMatchObject({
      ok: false,
      code: 'VALIDATION_ERROR',
    });
  });

  it('may have a name that every object has', () => {
    const odd = startSession(EMPTY_SESSIONS, { ...input, baseName: 'constructor' }, new Date(T0));
    expect(odd).toMatchObject({ ok: true, session: { name: 'constructor-1', serial: 1 } });
  });
});
