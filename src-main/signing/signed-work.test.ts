import { jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { headers as newHeaders } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { workOrderSchema } from '../../src-shared/protocol/work.ts';
import type { WorkChange } from '../../src-shared/protocol/work-change.ts';
import { GuardedLattice, type TestDevice } from '../testing/guarded-lattice.ts';
import { FixedMesh, startTestStation, type TestStation } from '../testing/work-station.ts';
import type { WorkRun } from '../work/attempt-run.ts';
import { newId } from '../work/ids.ts';
import { WorkLog } from '../work/log.ts';
import { WorkQueue } from '../work/queue.ts';
import { openWork, type WorkAccess } from '../work/work-service.ts';

const WAIT = { timeout: 10_000, interval: 10 };
const LIMITS = { eventsBytes: 128 * 1024 ** 2, outputBytes: 64 * 1024 ** 2 };
const ORDER = { agent: 'worker', requested_by: 'anna' };
const names = namesOf('test');

let lattice: GuardedLattice;
let forge: TestDevice;
let evil: TestDevice;
let anna: TestDevice;
let station: TestStation;
let annas: WorkAccess;
let early = '';
const runs: { run: WorkRun; sender: Sender }[] = [];
const held = new Map<string, (result: string) => void>();

beforeAll(async () => {
  lattice = await GuardedLattice.start(['forge', 'evil', 'anna', 'viewer', 'gone', 'rotated', 'newcomer']);
  const before = await lattice.device('anna');
  const mesh = new FixedMesh();
  mesh.set('forge', 'online', { worker: [] });
  const access = await openWork({ nc: before.nc, org: 'test', mesh, limits: LIMITS });
  early = (await access.dispatcher.assign({ task: 'early', ...ORDER })).id;
  await lattice.guard({
    forge: 'station',
    evil: 'station',
    anna: 'operator',
    viewer: 'viewer',
    gone: 'station',
  });
  [forge, evil, anna] = await Promise.all([
    lattice.device('forge'),
    lattice.device('evil'),
    lattice.device('anna'),
  ]);
  annas = await openWork({ nc: anna.nc, org: 'test', mesh, limits: LIMITS, signing: anna.signing });
  station = await startTestStation({
    url: lattice.server.url,
    id: 'forge',
    device: forge,
    workerTimes: { retryDelayMs: 20 },
    execute: (run, { sender, signal, report }) => {
      runs.push({ run, sender });
      void report({ type: 'output', text: `does ${run.task}` });
      if (!run.task.startsWith('hold')) return Promise.resolve({ status: 'completed', result: run.task });
      return new Promise((resolve) => {
        held.set(run.workId, (result) => resolve({ status: 'completed', result }));
        signal.addEventListener('abort', () => resolve({ status: 'cancelled', reason: 'stopped' }));
      });
    },
  });
}, 30_000);

afterAll(async () => {
  await station[Symbol.asyncDispose]();
  await lattice[Symbol.asyncDispose]();
});

const statusOf = async (id: string) => (await annas.dispatcher.check(id)).status;

/** Gives a work that runs until the test lets it end. */
async function holding(): Promise<string> {
  const { id } = await annas.dispatcher.assign({ task: 'hold', ...ORDER });
  await vi.waitFor(() => expect(held.has(id)).toBe(true), WAIT);
  return id;
}

/** Writes a change into the log without asking whether it may. */
async function write(device: Pick<TestDevice, 'nc'> & Partial<TestDevice>, id: string, change: WorkChange) {
  const log = new WorkLog({ nc: device.nc, names, from: { source: 'test' }, signing: device.signing });
  return log.append(id, 'somebody', () => change);
}

/** The work goes on as if nothing had happened, and both sides tell what they refused. */
async function isUnharmed(id: string, why: string): Promise<void> {
  await vi.waitFor(() => expect(forge.refused.map((each) => each.why).join()).toContain(why), WAIT);
  expect(await statusOf(id)).toBe('accepted');
  expect(anna.refused.map((each) => each.why).join()).toContain(why);
  held.get(id)?.('true result');
  expect(await annas.dispatcher.await(id, { timeoutMs: 10_000 })).toMatchObject({
    status: 'completed',
    result: 'true result',
  });
}

async function logged(id: string, index: number): Promise<StoredMsg> {
  const jsm = await jetstreamManager(anna.nc, { checkAPI: false });
  let message: StoredMsg | null = null;
  for (let seq = 1, at = 0; at <= index; at++, seq = (message?.seq ?? 0) + 1)
    message = await jsm.direct.getMessage(names.eventsStream, { seq, next_by_subj: names.workState(id) });
  if (!message) throw new Error('No such message.');
  return message;
}

/** Sends a stored message again as the hub would take it, with other headers or bytes. */
async function again(message: StoredMsg, drop: string[], more: Record<string, string>, data = message.data) {
  const headers = newHeaders();
  for (const name of message.header.keys())
    if (!drop.includes(name) && !/^Nats-(Stream|Subject|Sequence|Time-Stamp|Last-Sequence|Num)/.test(name))
      headers.set(name, message.header.last(name));
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  const answer = await evil.nc.request(message.subject, data, { headers, timeout: 3_000 });
  return answer.json<{ seq?: number; error?: object; duplicate?: boolean }>();
}

describe('signed work', () => {
  it('runs for who signed the order, and nothing is refused', async () => {
    const { id } = await annas.dispatcher.assign({ task: 'paint', ...ORDER });
    expect(await annas.dispatcher.await(id, { timeoutMs: 10_000 })).toMatchObject({ result: 'paint' });
    const sender = { id: 'anna', name: 'name-of-anna', role: 'operator', verified: true };
    expect(runs.find(({ run }) => run.workId === id)?.sender).toEqual(sender);
    const lines: string[] = [];
    for await (const part of annas.story(id)) if (part.kind === 'said') lines.push(part.line.text);
    expect(lines).toEqual(['does paint']);
    expect([...forge.refused, ...anna.refused]).toEqual([]);
  });

  it('was given before anybody signed and still runs', async () => {
    await vi.waitFor(async () => expect(await statusOf(early)).toBe('completed'), WAIT);
    expect(runs.find(({ run }) => run.workId === early)?.sender).toEqual({ name: 'anna', verified: false });
  });

  it('runs also when its giver becomes a member in the same moment', async () => {
    const { nc, signing } = await lattice.device('newcomer');
    const mesh = new FixedMesh();
    mesh.set('forge', 'online', { worker: [] });
    const access = await openWork({ nc, org: 'test', mesh, limits: LIMITS, signing });
    const { id } = await access.dispatcher.assign({ task: 'first', ...ORDER });
    await lattice.guard({ newcomer: 'operator' });
    expect(await annas.dispatcher.await(id, { timeoutMs: 10_000 })).toMatchObject({ result: 'first' });
  });

  it('does not hear an outcome that another station forged', async () => {
    const id = await holding();
    await write(evil, id, { type: 'completed', attempt: 1, result: 'forged' });
    await isUnharmed(id, 'another station runs this attempt');
  });

  it('does not hear what nobody signed', async () => {
    const id = await holding();
    await write({ nc: evil.nc }, id, { type: 'completed', attempt: 1, result: 'forged' });
    await isUnharmed(id, 'it is not signed');
  });

  it('does not hear a viewer, a device whose access was taken back, or a key of nobody', async () => {
    const id = await holding();
    const change = { type: 'cancel_requested', reason: 'no' } as const;
    await write(await lattice.device('viewer'), id, change);
    const gone = await lattice.device('gone');
    const device = lattice.roster.find((each) => each.id === 'gone');
    if (device) device.revoked_at = new Date().toISOString();
    await lattice.publish();
    await write(gone, id, change);
    await write(await lattice.device('rotated', { id: 'forge' }), id, change);
    await vi.waitFor(() => expect(forge.refused.some(({ from }) => from === 'gone')).toBe(true), WAIT);
    const whys = forge.refused.map((each) => each.why);
    expect(whys).toContain('the role viewer may not change work');
    await isUnharmed(id, 'signed with another key');
  });

  it('does not hear what was signed at another time', async () => {
    const id = await holding();
    const slow = await lattice.device('anna', { now: () => Date.now() - 3_600_000 });
    await write(slow, id, { type: 'cancel_requested', reason: 'late' });
    await isUnharmed(id, 'it expired: it was signed 60 min ago');
  });

  it('does not hear a member that changes more than it says', async () => {
    const id = await holding();
    const { data, seq, subject } = await logged(id, 1);
    const event = JSON.parse(new TextDecoder().decode(data));
    const change = { type: 'cancel_requested', reason: 'no' };
    const record = { ...event.data.record, task: 'rm -rf', revision: event.data.record.revision + 1 };
    const payload = Buffer.from(
      JSON.stringify({ ...event, id: 'other', data: { by: 'evil', change, record } }),
    );
    const signed = { kind: 'state', subject, id: 'other', attempt: 1, buildsOn: seq } as const;
    const lines = evil.signing.lines(signed, payload).trim().split('\r\n');
    const headers = newHeaders();
    for (const line of lines) headers.set(...(line.split(': ') as [string, string]));
    headers.set('Nats-Msg-Id', 'other');
    headers.set('Nats-Expected-Last-Subject-Sequence', String(seq));
    await evil.nc.request(subject, payload, { headers, timeout: 3_000 });
    await isUnharmed(id, 'it changes more of the work than it says');
  });

  it('does not hear an altered message', async () => {
    const id = await holding();
    const message = await logged(id, 1);
    const data = Buffer.from(new TextDecoder().decode(message.data).replaceAll('hold', 'held'));
    const stored = await again(
      message,
      [],
      {
        'Nats-Msg-Id': 'altered',
        'Nats-Expected-Last-Subject-Sequence': String(message.seq),
      },
      data,
    );
    expect(stored.seq).toBeGreaterThan(0);
    await isUnharmed(id, 'it was altered');
  });

  it('does not begin again when its order is sent again', async () => {
    const { id } = await annas.dispatcher.assign({ task: 'once', ...ORDER });
    await annas.dispatcher.await(id, { timeoutMs: 10_000 });
    const order = await logged(id, 0);
    expect(await again(order, [], { 'Nats-Msg-Id': 'b' })).toMatchObject({ error: { err_code: 10071 } });
    const base = 'Nats-Expected-Last-Subject-Sequence';
    expect(await again(order, [base, 'Nats-Msg-Id'], {})).toMatchObject({ seq: expect.any(Number) });
    await again(order, ['Nats-Msg-Id'], { [`${base}-Subject`]: 'lattice.v1.test.work.none.state' });
    expect(await statusOf(id)).toBe('completed');
    const board = await annas.openBoard(true);
    expect(board.live.get(id)?.status).toBe('completed');
    await board[Symbol.asyncDispose]();
    expect(runs.filter(({ run }) => run.workId === id)).toHaveLength(1);
    expect(anna.refused.filter(({ what }) => what.includes(id)).length).toBeGreaterThan(0);
  });
});

describe('a signed assignment', () => {
  it('runs what the giver signed and never what travels with it', async () => {
    const { id } = await annas.dispatcher.assign({ task: 'true task', ...ORDER, agent: 'nobody-yet' });
    const { record, seq } = await new WorkLog({ nc: anna.nc, names, from: { source: 'test' } })
      .read(id)
      .then((entry) => entry ?? Promise.reject(new Error('No entry.')));
    const message = {
      work_id: id,
      agent: 'worker',
      seq,
      event: record.last_event,
      record: { ...record, agent: 'worker', task: 'forged task' },
    };
    const subject = names.agentWorkAssign('worker', 3);
    const payload = Buffer.from(JSON.stringify(message));
    await evil.nc.request(subject, payload);
    await vi.waitFor(
      () =>
        expect(forge.refused.map(({ what, why }) => `${what}: ${why}`)).toContain(
          'an assignment: it is not signed',
        ),
      WAIT,
    );
    const headers = newHeaders();
    const lines = evil.signing.lines({ kind: 'assign', subject, id: 'mine' }, payload).trim().split('\r\n');
    for (const line of lines) headers.set(...(line.split(': ') as [string, string]));
    headers.set('Nats-Msg-Id', 'mine');
    await evil.nc.request(subject, payload, { headers, timeout: 3_000 });
    await vi.waitFor(
      () =>
        expect(forge.refused.map(({ why }) => why).join()).toContain('its order for the agent nobody-yet'),
      WAIT,
    );
    expect(runs.map(({ run }) => run.task)).not.toContain('forged task');
    expect(await statusOf(id)).toBe('assigned');
  });

  it.each([
    { says: 'the entry that the station followed', ahead: 0, reads: false },
    { says: 'another entry', ahead: 1, reads: true },
  ])('that names $says runs, and its log is read: $reads', async ({ ahead, reads }) => {
    const id = newId();
    const order = workOrderSchema.parse({ task: `followed ${id}`, ...ORDER });
    const appended = await write(anna, id, { type: 'assigned', work_id: id, order });
    if (appended.kind !== 'appended') throw new Error('The order was not written.');
    const { entry } = appended;
    await vi.waitFor(() => expect(station.service.works.proven(id)?.seq).toBe(entry.seq), WAIT);
    const read: string[] = [];
    const asked = anna.nc.subscribe(`$JS.API.DIRECT.GET.${names.eventsStream}.${names.workState(id)}`, {
      callback: (_, { subject }) => void read.push(subject),
    });
    await anna.nc.flush();
    const queue = new WorkQueue({ nc: anna.nc, names, signing: anna.signing });
    await queue.enqueue({ ...entry, seq: entry.seq + ahead });
    await vi.waitFor(() => expect(runs.map(({ run }) => run.workId)).toContain(id), WAIT);
    await anna.nc.flush();
    asked.unsubscribe();
    expect(read.length > 0).toBe(reads);
    await vi.waitFor(async () => expect(await statusOf(id)).toBe('completed'), WAIT);
  });
});

describe('a key that was changed', () => {
  it('stays good for what it signed before, and no longer', async () => {
    const { id } = await annas.dispatcher.assign({ task: 'before', ...ORDER });
    await annas.dispatcher.await(id, { timeoutMs: 10_000 });
    const device = lattice.roster.find((each) => each.id === 'anna');
    const next = await lattice.device('rotated', { id: 'anna' });
    if (device) {
      device.former_keys.push({ key: device.key, until: new Date().toISOString() });
      device.key = next.key.publicKey;
    }
    await lattice.publish();
    expect(await annas.history(id)).toHaveLength(3);
    const after = await openWork({ nc: next.nc, org: 'test', mesh: new FixedMesh(), signing: next.signing });
    await vi.waitFor(async () => {
      const made = await after.dispatcher.assign({ task: 'after', ...ORDER });
      expect(await after.dispatcher.await(made.id, { timeoutMs: 2_000 })).toMatchObject({ result: 'after' });
    }, WAIT);
    const old = await annas.dispatcher.assign({ task: 'with the old key', ...ORDER });
    await vi.waitFor(() => expect(forge.refused.some(({ what }) => what.includes(old.id))).toBe(true), WAIT);
    expect(runs.map(({ run }) => run.task)).not.toContain('with the old key');
  });
});
