import { headers } from '@nats-io/nats-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type InvokeOutcome, invokeOutcomeSchema } from '../../src-shared/protocol/invoke.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { InvokeOptions } from './agent-call.ts';
import { InvokeScene } from './invoke-scene.ts';
import { failure, Gate, type TestStationOptions } from './test-station.ts';

const names = namesOf('default');

let scene: InvokeScene;

beforeEach(async () => {
  scene = await InvokeScene.start();
});

afterEach(() => scene[Symbol.asyncDispose]());

const worker = (options?: Partial<TestStationOptions>) => scene.worker(options);
const call = (change?: Partial<InvokeOptions>) => scene.call(change);

/** Talks to a station as a foreign program would. */
async function raw(station: string, message: unknown): Promise<InvokeOutcome> {
  const data = typeof message === 'string' ? message : JSON.stringify(message);
  const reply = await scene.caller.connection.nc.request(names.agentInvoke(station), data, {
    timeout: 2_000,
  });
  return invokeOutcomeSchema.parse(reply.json());
}

describe('too much', () => {
  it('a 9 MiB result is a clear failure, not silence', async () => {
    await worker({ execute: async () => ({ status: 'completed', result: 'x'.repeat(9 * 1_048_576) }) });
    const error = await failure(call());
    expect(error).toMatchObject({ code: 'too_large' });
    expect(error.message).toBe('The result of echo is 9.0 MiB; an answer holds 8.0 MiB.');
    expect(error.hint).toContain('store');
  });

  it('a result just below the limit passes', async () => {
    await worker({
      execute: async () => ({ status: 'completed', result: 'x'.repeat(8 * 1_048_576 - 8_192) }),
    });
    expect((await call()).result).toHaveLength(8 * 1_048_576 - 8_192);
  });

  it('a task or context that is too large is refused before it is sent', async () => {
    await worker();
    expect((await failure(call({ task: 'x'.repeat(1_000_001) }))).code).toBe('too_large');
    const error = await failure(call({ context: { blob: 'x'.repeat(9 * 1_048_576) } }));
    expect(error.message).toBe('The call takes 9.0 MiB; the hub takes 8.0 MiB.');
    expect((await call()).result).toBe('hi');
  });

  it.each([0, -1, 0.5, Number.NaN, 86_400_001])('a time limit of %s is refused', async (timeoutMs) => {
    expect((await failure(call({ timeoutMs }))).code).toBe('invalid_input');
  });
});

describe('a foreign caller', () => {
  const request = { invocation_id: 'i1', agent: 'echo', task: 'hi', timeout_ms: 1_000 };

  it.each<[unknown, string, RegExp]>([
    ['hello', 'invalid_input', /not JSON/],
    [{}, 'invalid_input', /invocation_id/],
    [{ ...request, agent: 'a.b' }, 'invalid_input', /agent/],
    [{ ...request, timeout_ms: -1 }, 'invalid_input', /timeout_ms/],
    [{ ...request, context: 'flat' }, 'invalid_input', /context/],
    [{ ...request, agent: 'absent' }, 'not_found', /forge does not offer absent/],
    [{ ...request, resend: { age_ms: 10 } }, 'station_lost', /does not know this call/],
  ])('gets an answer to %j', async (message, code, says) => {
    const forge = await worker();
    const outcome = await raw(forge.id, message);
    expect(outcome).toMatchObject({ status: 'failed', error: { code } });
    expect(outcome.error?.message).toMatch(says);
  });

  it('gets exactly one reply without stream, and the same again for the same id', async () => {
    const seen: string[] = [];
    const forge = await worker({
      execute: async (_agent, { task }, { report }) => {
        seen.push(task);
        report({ type: 'output', text: 'unheard' });
        return { status: 'completed', result: task };
      },
    });
    expect(await raw(forge.id, request)).toMatchObject({
      status: 'completed',
      result: 'hi',
      station_id: forge.id,
    });
    expect(await raw(forge.id, { ...request, task: 'other' })).toMatchObject({ result: 'hi' });
    expect(seen).toEqual(['hi']);
  });

  it('cannot run one id twice at the same time', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute });
    const first = raw(forge.id, request);
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    expect(await raw(forge.id, request)).toMatchObject({ status: 'failed', error: { code: 'conflict' } });
    gate.finish('ok');
    expect(await first).toMatchObject({ result: 'ok' });
  });

  it('that wants no answer, sends another protocol or a broken cancel is refused and shown', async () => {
    const forge = await worker();
    const { nc } = scene.caller.connection;
    nc.publish(names.agentInvoke(forge.id), JSON.stringify(request));
    nc.publish(names.agentCancel(forge.id), 'x');
    nc.publish(names.agentCancel(forge.id), JSON.stringify({ invocation_id: 'nobody', reason: 'x' }));
    const version = headers();
    version.set('Lattice-Protocol', '2');
    const reply = await nc.request(names.agentInvoke(forge.id), JSON.stringify(request), {
      timeout: 2_000,
      headers: version,
    });
    expect(invokeOutcomeSchema.parse(reply.json()).error?.message).toContain('protocol version 2, this is 1');
    const told = forge.mesh.registry.events.snapshot().map(({ detail }) => detail);
    expect(told).toContainEqual(expect.stringContaining('it asks for no answer'));
    expect(told).toContainEqual(expect.stringContaining('Refused cancel: not JSON'));
  });
});

it('a station that answers rubbish fails the call clearly and is told to stop', async () => {
  const forge = await worker();
  await forge.crash();
  const { nc } = scene.caller.connection;
  const cancels: string[] = [];
  nc.subscribe(names.agentInvoke(forge.id), {
    callback: (_error, message) => void message.respond('{"kind":"odd"}'),
  });
  nc.subscribe(names.agentCancel(forge.id), {
    callback: (_error, message) => void cancels.push(message.string()),
  });
  const error = await failure(call());
  expect(error).toMatchObject({ code: 'internal' });
  expect(error.message).toContain('forge sent an answer that cannot be read');
  await vi.waitFor(() => expect(cancels).toHaveLength(1));
});
