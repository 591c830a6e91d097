import { headers as newHeaders } from '@nats-io/nats-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type InvokeRequest, invokeOutcomeSchema } from '../../src-shared/protocol/invoke.ts';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { Execute } from '../mesh/invoke-server.ts';
import { agentInfo, failure, Gate, startStation, type TestStation } from '../mesh/test-station.ts';
import { GuardedLattice, type TestDevice } from '../testing/guarded-lattice.ts';
import type { Signing } from './signing.ts';

const WAIT = { timeout: 5_000, interval: 10 };
const names = namesOf('test');
const subject = names.agentInvoke('forge');
const target = { agent: 'echo', station: 'forge' };

let lattice: GuardedLattice;
let evil: TestDevice;
const stations: TestStation[] = [];
let count = 0;

beforeAll(async () => {
  lattice = await GuardedLattice.start(['forge', 'anna', 'evil', 'viewer', 'gone', 'late']);
  await lattice.guard({
    forge: 'station',
    anna: 'station',
    evil: 'station',
    viewer: 'viewer',
    gone: 'operator',
  });
  evil = await lattice.device('evil');
}, 20_000);

afterEach(async () => {
  for (const station of stations.splice(0)) await station[Symbol.asyncDispose]();
});

afterAll(() => lattice[Symbol.asyncDispose]());

async function station(id: string, execute?: Execute): Promise<TestStation> {
  const { seed } = await lattice.device(id);
  const made = await startStation({
    url: lattice.server.url,
    org: 'test',
    id,
    name: id,
    agents: id === 'forge' ? [agentInfo('echo')] : [],
    connection: { auth: { nkeySeed: seed } },
    ...(execute ? { execute } : {}),
  });
  stations.push(made);
  return made;
}

function request(more: Partial<InvokeRequest> = {}) {
  const base = { agent: 'echo', task: 'hello', context: {}, timeout_ms: 5_000, wait_ms: 0, stream: false };
  return { invocation_id: `call-${++count}`, ...base, ...more };
}

interface Raw {
  signing?: Signing;
  signedFor?: string;
  data?: Uint8Array;
}

/** Sends a call as bytes and reads the one answer. */
async function raw(call: InvokeRequest, { signing, signedFor = subject, data }: Raw) {
  const payload = Buffer.from(JSON.stringify(call));
  const headers = newHeaders();
  const about = { kind: 'invoke', subject: signedFor, id: call.invocation_id } as const;
  for (const line of signing?.lines(about, payload).trim().split('\r\n') ?? [])
    headers.set(...(line.split(': ') as [string, string]));
  const answer = await evil.nc.request(subject, data ?? payload, { headers, timeout: 5_000 });
  return invokeOutcomeSchema.parse(answer.json());
}

const refusedText = (one: TestStation) =>
  one.mesh.problems
    .snapshot()
    .map(({ detail }) => detail)
    .join();

describe('a signed call', () => {
  it('runs for who signed it, with reports and an outcome that its caller believes', async () => {
    let sender: Sender | undefined;
    const forge = await station('forge', async (_agent, { task }, controls) => {
      sender = controls.sender;
      for (let at = 0; at < 20; at++) controls.report({ type: 'progress', percent: at });
      return { status: 'completed', result: task };
    });
    const anna = await station('anna');
    const reports: unknown[] = [];
    await vi.waitFor(() => expect(anna.mesh.registry.stations.get('forge')).toBeDefined(), WAIT);
    const done = await anna.mesh.invoker.invoke({
      target,
      task: 'hi',
      onReport: (each) => reports.push(each),
    });
    expect(done.result).toBe('hi');
    expect(reports).toHaveLength(21);
    expect(sender).toEqual({ id: 'anna', name: 'name-of-anna', role: 'station', verified: true });
    expect([...forge.mesh.problems.snapshot(), ...anna.mesh.problems.snapshot()]).toEqual([]);
  });

  it('is refused and shown when it is unsigned, altered, expired, for another, replayed, or of nobody that may', async () => {
    const execute = vi.fn<Execute>(async (_agent, { task }) => ({ status: 'completed', result: task }));
    const forge = await station('forge', execute);
    const { signing } = evil;
    const slow = (await lattice.device('evil', { now: () => Date.now() - 180_000 })).signing;
    const gone = (await lattice.device('gone')).signing;
    const device = lattice.roster.find(({ id }) => id === 'gone');
    if (device) device.revoked_at = new Date().toISOString();
    await lattice.publish();
    const viewer = (await lattice.device('viewer')).signing;
    const wrong = (await lattice.device('viewer', { id: 'evil' })).signing;
    vi.spyOn(wrong, 'lines').mockImplementation((about, payload) =>
      viewer.lines(about, payload).replace('viewer', 'evil'),
    );
    const first = request();
    expect(await raw(first, { signing })).toMatchObject({ status: 'completed', result: 'hello' });
    const altered = Buffer.from(JSON.stringify(request({ task: 'rm -rf' })));
    const tries: [string, Promise<unknown>][] = [
      ['not signed', raw(request(), {})],
      ['was altered', raw(request({ invocation_id: `call-${count + 2}` }), { signing, data: altered })],
      ['signed 3 min ago', raw(request(), { signing: slow })],
      ['was altered', raw(request(), { signing, signedFor: names.agentInvoke('other') })],
      ['a replay', raw(first, { signing })],
      ['the role viewer may not', raw(request(), { signing: viewer })],
      ['another key', raw(request(), { signing: wrong })],
      ['no member', raw(request(), { signing: gone })],
    ];
    for (const [why, answer] of tries) {
      const message = expect.stringContaining(why);
      expect(await answer).toMatchObject({ status: 'failed', error: { code: 'auth_failed', message } });
    }
    expect(execute).toHaveBeenCalledTimes(1);
    expect(refusedText(forge)).toContain('Refused a call');
  });

  it('that comes again starts once, and only for the device that made it', async () => {
    const execute = vi.fn<Execute>(async (_agent, { task }) => ({ status: 'completed', result: task }));
    const forge = await station('forge', execute);
    const { signing } = await lattice.device('anna');
    const station_start = forge.mesh.registry.manifest('forge')?.started_at;
    const again = request({ resend: { age_ms: 5_000, station_start } });
    for (let time = 0; time < 2; time++)
      expect(await raw(again, { signing })).toMatchObject({ status: 'completed', result: 'hello' });
    const message = expect.stringContaining('another device made this call');
    expect(await raw(again, { signing: evil.signing })).toMatchObject({
      error: { code: 'auth_failed', message },
    });
    expect(execute).toHaveBeenCalledTimes(1);
  });

  it('is cancelled only by who made it', async () => {
    const gate = new Gate();
    const forge = await station('forge', gate.execute);
    const anna = await station('anna');
    await vi.waitFor(() => expect(anna.mesh.registry.stations.get('forge')).toBeDefined(), WAIT);
    let id = '';
    const { publish } = anna.connection.nc;
    vi.spyOn(anna.connection.nc, 'publish').mockImplementation((to, data, options) => {
      if (to === subject) id = JSON.parse(String(Buffer.from(data as Uint8Array))).invocation_id;
      publish.call(anna.connection.nc, to, data, options);
    });
    const stop = new AbortController();
    const call = failure(anna.mesh.invoker.invoke({ target, task: 'x', signal: stop.signal }));
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1), WAIT);
    const payload = Buffer.from(JSON.stringify({ invocation_id: id, reason: 'because' }));
    const cancel = names.agentCancel('forge');
    const headers = newHeaders();
    for (const line of evil.signing
      .lines({ kind: 'cancel', subject: cancel, id }, payload)
      .trim()
      .split('\r\n'))
      headers.set(...(line.split(': ') as [string, string]));
    evil.nc.publish(cancel, payload, { headers });
    await vi.waitFor(
      () => expect(refusedText(forge)).toContain('only who made the call may cancel it'),
      WAIT,
    );
    expect(gate.signals[0]?.aborted).toBe(false);
    stop.abort();
    expect((await call).code).toBe('cancelled');
    expect(gate.signals[0]?.aborted).toBe(true);
  });

  it('does not believe an answer of anybody else', async () => {
    const forge = await station('forge', new Gate().execute);
    const anna = await station('anna');
    await vi.waitFor(() => expect(anna.mesh.registry.stations.get('forge')).toBeDefined(), WAIT);
    const heard: { reply: string; id: string }[] = [];
    const spy = evil.nc.subscribe(subject, {
      callback: (_error, message) => {
        const { invocation_id: id } = JSON.parse(message.string());
        heard.push({ reply: message.reply ?? '', id });
      },
    });
    const stop = new AbortController();
    await evil.nc.flush();
    const call = failure(anna.mesh.invoker.invoke({ target, task: 'x', signal: stop.signal }));
    await vi.waitFor(() => expect(heard).toHaveLength(1), WAIT);
    const [{ reply, id } = { reply: '', id: '' }] = heard;
    const outcome = {
      kind: 'outcome',
      invocation_id: id,
      station_id: 'forge',
      status: 'completed',
      duration_ms: 1,
    };
    const payload = Buffer.from(JSON.stringify({ ...outcome, result: 'forged' }));
    const headers = newHeaders();
    for (const line of evil.signing
      .lines({ kind: 'outcome', subject: reply, id }, payload)
      .trim()
      .split('\r\n'))
      headers.set(...(line.split(': ') as [string, string]));
    evil.nc.publish(reply, payload);
    evil.nc.publish(reply, payload, { headers });
    await vi.waitFor(() => expect(refusedText(anna)).toContain('another device signed it'), WAIT);
    stop.abort();
    expect((await call).code).toBe('cancelled');
    spy.unsubscribe();
    expect(forge.mesh.serving).toBe(0);
  });

  it('waits for a caller that becomes a member in the same moment', async () => {
    await station('forge');
    const late = await lattice.device('late');
    const call = raw(request(), { signing: late.signing });
    await lattice.guard({ late: 'operator' });
    expect((await call).status).toBe('completed');
  });
});
