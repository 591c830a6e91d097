import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { startNatsServer, type TestServer } from '../testing/nats-server.ts';
import {
  CountedSlots,
  FixedMesh,
  openTestAccess,
  startTestStation,
  type TestAccess,
  type TestStation,
  type TestStationOptions,
} from '../testing/work-station.ts';
import type { Execute } from './attempt-run.ts';
import { cleanUpLanes } from './cleanup.ts';
import { ensureStores } from './streams.ts';

const servers: readonly (readonly [string, string | undefined])[] = [
  ['the pinned nats-server', process.env.LATTICE_NATS_SERVER],
  ...(process.env.LATTICE_NATS_SERVER_OLD
    ? ([['an old nats-server', process.env.LATTICE_NATS_SERVER_OLD]] as const)
    : []),
];

const echo: Execute = async (run) => ({ status: 'completed', result: run.task });
const never: Execute = (_, { signal }) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ status: 'cancelled', reason: 'stopped' }));
  });

describe.each(servers)('durable work on %s', (_, binary) => {
  let server: TestServer;
  let access: TestAccess;
  let org = 'org0';
  let count = 0;
  const stations: AsyncDisposable[] = [];

  beforeAll(async () => {
    server = await startNatsServer(binary ? { binary } : {});
  });
  afterAll(async () => server[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const station of stations.splice(0).reverse()) await station[Symbol.asyncDispose]();
  });

  /** A fresh org on the same server, so that tests do not see each other's work. */
  async function open(mesh = new FixedMesh()): Promise<TestAccess> {
    org = `org${++count}`;
    access = await openTestAccess(server.url, mesh, org);
    stations.push(access);
    return access;
  }

  async function station(options: Partial<TestStationOptions> & { execute: Execute }): Promise<TestStation> {
    const started = await startTestStation({
      url: server.url,
      org,
      id: 's1',
      workerTimes: { retryDelayMs: 20 },
      ...options,
    });
    stations.push(started);
    return started;
  }

  const assign = (task: string, more: object = {}) =>
    access.dispatcher.assign({ task, agent: 'worker', requested_by: 'anna', ...more });

  it('runs work to its result and keeps the whole story', async () => {
    const { dispatcher, history } = await open();
    await station({ execute: echo });
    const { id } = await assign('say hi');
    const record = await dispatcher.await(id, { timeoutMs: 5_000 });
    expect(record).toMatchObject({ status: 'completed', result: 'say hi', attempt: 1, station_name: 's1' });
    expect(record.why[0]).toMatchObject({ station_id: 's1', chosen: true });
    expect((await history(id)).map((entry) => entry.event.change.type)).toEqual([
      'assigned',
      'accepted',
      'completed',
    ]);
    expect(await dispatcher.result(id)).toBe('say hi');
  });

  it('gives the same work for the same key, and awaits it from another process', async () => {
    await open();
    const first = await assign('once', { dedupe_key: 'invoice 7' });
    const second = await assign('once', { dedupe_key: 'invoice 7' });
    expect(second).toMatchObject({ id: first.id, created: false });
    let runs = 0;
    await station({
      execute: async () => {
        runs++;
        return { status: 'completed', result: 'done' };
      },
    });
    const other = await openTestAccess(server.url, new FixedMesh(), org);
    stations.push(other);
    expect(await other.dispatcher.await(first.id, { timeoutMs: 5_000 })).toMatchObject({ result: 'done' });
    expect(await other.dispatcher.await(first.id)).toMatchObject({ status: 'completed' });
    expect(runs).toBe(1);
  });

  it('queues work that nobody offers, says so, and places it when a station joins', async () => {
    const { dispatcher } = await open();
    const { id, record } = await assign('wait for me');
    expect(record.unplaceable?.reason).toBe('No station offers the agent worker.');
    await station({ execute: echo });
    const ended = await dispatcher.await(id, { timeoutMs: 5_000 });
    expect(ended).toMatchObject({ status: 'completed' });
    expect(ended).not.toHaveProperty('unplaceable');
  });

  it('cancels queued work so that it never starts', async () => {
    const { dispatcher } = await open();
    const { id } = await assign('do not');
    await dispatcher.cancel(id, 'anna', 'changed my mind');
    let ran = false;
    const { service } = await station({
      execute: async () => {
        ran = true;
        return { status: 'completed', result: '' };
      },
    });
    const next = await assign('do');
    await dispatcher.await(next.id, { timeoutMs: 5_000 });
    await vi.waitFor(() => expect(service.worker.counts.duplicates).toBe(1));
    expect(ran).toBe(true);
    expect(await dispatcher.check(id)).toMatchObject({
      status: 'cancelled',
      attempt: 0,
      cancel: { by: 'anna', reason: 'changed my mind' },
    });
  });

  it('cancels running work and says who, when and why', async () => {
    const { dispatcher } = await open();
    await station({ execute: never });
    const { id } = await assign('run forever');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await dispatcher.cancel(id, 'anna', 'enough');
    const record = await dispatcher.await(id, { timeoutMs: 5_000 });
    expect(record).toMatchObject({ status: 'cancelled', cancel: { by: 'anna', reason: 'enough' } });
    expect(record.attempts).toMatchObject([{ end: 'cancelled', reason: 'enough' }]);
    expect((await dispatcher.cancel(id, 'bob', 'late')).cancel?.by).toBe('anna');
  });

  it('asks a person, takes one answer, and goes on', async () => {
    const { dispatcher } = await open();
    await station({
      execute: async (_run, { ask }) => ({
        status: 'completed',
        result: `painted ${await ask({ id: 'q1', text: 'Which colour?', choices: ['red', 'blue'] })}`,
      }),
    });
    const { id } = await assign('paint', { timeout_ms: 400 });
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'escalated' }));
    // Longer than the attempt may run: the time a person thinks does not count.
    await new Promise((next) => setTimeout(next, 600));
    await expect(dispatcher.answer(id, 'anna', 'red', 'another')).rejects.toMatchObject({ code: 'conflict' });
    const answers = await Promise.allSettled([
      dispatcher.answer(id, 'anna', 'red'),
      dispatcher.answer(id, 'bob', 'blue'),
    ]);
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    const record = await dispatcher.await(id, { timeoutMs: 5_000 });
    expect(record.result).toBe(`painted ${record.answers[0]?.answer}`);
    expect(record.answers).toHaveLength(1);
  });

  it('keeps the tree of works that agents hand on', async () => {
    const { dispatcher } = await open();
    await station({
      agents: ['worker', 'helper'],
      execute: async (run, { assign: handOn }) => {
        if (run.agent === 'helper') return { status: 'completed', result: 'helped' };
        return { status: 'completed', result: await handOn({ agent: 'helper', task: 'part', context: {} }) };
      },
    });
    const { id } = await assign('whole');
    const parent = await dispatcher.await(id, { timeoutMs: 5_000 });
    const child = await dispatcher.await(parent.result ?? '', { timeoutMs: 5_000 });
    expect(child).toMatchObject({
      parent_id: id,
      run_id: id,
      requested_by: 'agent worker',
      result: 'helped',
    });
    expect(child.traceparent?.split('-')[1]).toBe(parent.traceparent?.split('-')[1]);
  });

  it('tries again after a failure of the machinery, then stops and asks a person, who may retry', async () => {
    const { dispatcher, history } = await open();
    let works = false;
    await station({
      execute: async (run) =>
        works
          ? { status: 'completed', result: `attempt ${run.attempt}` }
          : { status: 'failed', error: new LatticeError('runner_unavailable', 'No such program.').toShape() },
    });
    const { id } = await assign('try');
    await vi.waitFor(
      async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'escalated', attempt: 3 }),
      { timeout: 5_000 },
    );
    const types = (await history(id)).map((entry) => entry.event.change.type);
    expect(types.filter((type) => type === 'requeued')).toHaveLength(2);
    works = true;
    await dispatcher.retry(id, 'anna');
    expect(await dispatcher.await(id, { timeoutMs: 5_000 })).toMatchObject({ result: 'attempt 4' });
  });

  it('takes what an agent itself says as its outcome, and reruns it with edits as a new work', async () => {
    const { dispatcher } = await open();
    await station({
      execute: async (run) =>
        run.task === 'good'
          ? { status: 'completed', result: 'fine' }
          : { status: 'failed', error: new LatticeError('agent_failed', 'Cannot do that.').toShape() },
    });
    const { id } = await assign('bad', { dedupe_key: 'k' });
    expect(await dispatcher.await(id, { timeoutMs: 5_000 })).toMatchObject({ status: 'failed', attempt: 1 });
    const again = await dispatcher.rerun(id, 'bob', { task: 'good' });
    expect(again.id).not.toBe(id);
    expect(await dispatcher.await(again.id, { timeoutMs: 5_000 })).toMatchObject({
      status: 'completed',
      retry_of: id,
      requested_by: 'bob',
    });
  });

  it('ends an attempt that takes too long, and expires work whose deadline passes', async () => {
    const { dispatcher } = await open();
    await station({ execute: never });
    const slow = await assign('slow', { timeout_ms: 50, max_attempts: 2 });
    const dead = await assign('dead', { deadline: new Date(Date.now() + 300).toISOString() });
    expect(await dispatcher.await(dead.id, { timeoutMs: 5_000 })).toMatchObject({ status: 'expired' });
    await vi.waitFor(
      async () =>
        expect(await dispatcher.check(slow.id)).toMatchObject({
          status: 'escalated',
          attempt: 2,
          escalation: { cause: { kind: 'attempts_used', error: { code: 'timeout' } } },
        }),
      { timeout: 5_000 },
    );
  });

  it('hands work back at once when a station stops, and another goes on', async () => {
    const { dispatcher } = await open();
    const first = await startTestStation({ url: server.url, org, id: 's1', execute: never });
    const { id } = await assign('long');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await station({ id: 's2', execute: echo });
    const before = performance.now();
    await first[Symbol.asyncDispose]();
    const record = await dispatcher.await(id, { timeoutMs: 5_000 });
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(record).toMatchObject({
      status: 'completed',
      station_name: 's2',
      attempt: 2,
      attempts_allowed: 4,
    });
    expect(record.attempts[0]).toMatchObject({
      end: 'requeued',
      reason: 'The station stopped and handed it back.',
    });
  });

  it('gives the work of a lost machine to another, and never hears the first one again', async () => {
    const { dispatcher } = await open();
    let finish: () => void = () => undefined;
    const workerTimes = { ackWaitMs: 1_000, inProgressMs: 60_000, retryDelayMs: 20 };
    const hung = await station({
      id: 's1',
      slots: new CountedSlots(1),
      workerTimes,
      execute: () =>
        new Promise((resolve) => {
          finish = () => resolve({ status: 'completed', result: 'late' });
        }),
    });
    const { id } = await assign('take over');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await station({
      id: 's2',
      workerTimes,
      execute: async () => {
        finish();
        await vi.waitFor(() => expect(hung.service.worker.counts.lost).toBe(1));
        return { status: 'completed', result: 'second' };
      },
    });
    const record = await dispatcher.await(id, { timeoutMs: 10_000 });
    expect(record).toMatchObject({ status: 'completed', result: 'second', attempt: 2, station_name: 's2' });
    expect(record.attempts[0]).toMatchObject({ end: 'lost' });
  });

  it('resumes its own work first after a restart', async () => {
    const { dispatcher } = await open();
    const dead = await startTestStation({ url: server.url, org, id: 's1', execute: never });
    const { id } = await assign('mine');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await dead.nc.close();
    await dead[Symbol.asyncDispose]();
    const queued = await Promise.all(['a', 'b', 'c'].map((task) => assign(task, { priority: 1 })));
    const order: string[] = [];
    await station({
      slots: new CountedSlots(1),
      execute: async (run) => {
        order.push(run.task);
        return { status: 'completed', result: run.task };
      },
    });
    for (const work of [{ id }, ...queued]) await dispatcher.await(work.id, { timeoutMs: 5_000 });
    expect(order[0]).toBe('mine');
    expect(await dispatcher.check(id)).toMatchObject({ attempt: 2, attempts: [{ end: 'requeued' }, {}] });
  });

  it('keeps large results in the store, and output a late watcher sees from the first byte', async () => {
    const { dispatcher, story } = await open();
    const big = 'x'.repeat(20 * 1024 ** 2);
    await station({
      execute: async (_run, { report }) => {
        for (let line = 0; line < 2_000; line++) report({ type: 'output', text: `line ${line}\n` });
        report({ type: 'progress', percent: 50, message: 'half' });
        report({ type: 'output', text: 'the end\n' });
        return { status: 'completed', result: big };
      },
    });
    const { id } = await assign('much');
    const record = await dispatcher.await(id, { timeoutMs: 15_000 });
    expect(record).toMatchObject({ result_ref: { bytes: big.length } });
    expect(record).not.toHaveProperty('result');
    expect((await dispatcher.result(id))?.length).toBe(big.length);
    const kinds: string[] = [];
    let text = '';
    for await (const part of story(id)) {
      kinds.push(part.kind === 'state' ? part.event.change.type : part.line.kind);
      if (part.kind === 'said' && part.line.kind === 'output') text += part.line.text;
    }
    expect(text.startsWith('line 0\nline 1\n')).toBe(true);
    expect(text.endsWith('line 1999\nthe end\n')).toBe(true);
    expect(kinds.slice(0, 2)).toEqual(['assigned', 'accepted']);
    expect(kinds).toContain('progress');
    expect(kinds.at(-1)).toBe('completed');
  });

  it('watches live, and leaves out what a dead attempt says late', async () => {
    const { dispatcher, story, nc } = await open();
    let go: () => void = () => undefined;
    await station({
      execute: async (_run, { report }) => {
        report({ type: 'output', text: 'alive' });
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return { status: 'completed', result: 'ok' };
      },
    });
    const { id } = await assign('speak');
    let refused = 0;
    const lines: string[] = [];
    for await (const part of story(id, { onRefused: () => refused++ })) {
      if (part.kind !== 'said') continue;
      lines.push(part.line.text);
      const subject = `lattice.v1.${org}.work.${id}.output`;
      const late = { attempt: 1, seq: 1, time: new Date().toISOString(), text: 'again' };
      nc.publish(subject, JSON.stringify(late));
      nc.publish(subject, 'rubbish');
      await vi.waitFor(() => expect(refused).toBe(2));
      go();
    }
    expect(lines).toEqual(['alive']);
    expect(await dispatcher.check(id)).toMatchObject({ status: 'completed' });
  });

  it('refuses forged and malformed messages', async () => {
    const { dispatcher, nc } = await open();
    const { service } = await station({ execute: echo });
    nc.publish(`lattice.v1.${org}.agent.worker.work.assign.3`, 'rubbish');
    nc.publish(
      `lattice.v1.${org}.agent.worker.work.assign.3`,
      JSON.stringify({ work_id: 'nobody', agent: 'worker' }),
    );
    nc.publish(`lattice.v1.${org}.work.nobody.state`, JSON.stringify({ type: 'cancelled' }));
    const { id } = await assign('real');
    nc.publish(`lattice.v1.${org}.work.${id}.state`, JSON.stringify({ status: 'failed' }));
    expect(await dispatcher.await(id, { timeoutMs: 5_000 })).toMatchObject({ status: 'completed' });
    await vi.waitFor(() => {
      expect(service.worker.counts.refused).toBe(1);
      expect(service.worker.counts.duplicates).toBe(1);
      expect(service.works.refused).toBeGreaterThan(0);
    });
    await expect(dispatcher.check('nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(dispatcher.await('unheard')).rejects.toMatchObject({ code: 'not_found' });
    await expect(dispatcher.cancel('unheard', 'anna', '')).rejects.toMatchObject({ code: 'not_found' });
    await expect(assign('')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(assign('x', { agent: 'a.b' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(assign('x', { agent: undefined })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('removes the readers of what is gone, where nothing waits', async () => {
    const { dispatcher, nc } = await open();
    const gone = await startTestStation({ url: server.url, org, id: 's1', execute: echo });
    const { id } = await assign('x');
    await dispatcher.await(id, { timeoutMs: 5_000 });
    await gone[Symbol.asyncDispose]();
    await assign('waits');
    const options = { nc, names: namesOf(org), mesh: new FixedMesh() };
    const planned = await cleanUpLanes({ ...options, dryRun: true });
    expect(planned.map((lane) => lane.consumer)).toContain('station-s1-3');
    expect(planned.map((lane) => lane.consumer)).not.toContain('agent-worker-3');
    expect(await cleanUpLanes({ ...options, dryRun: false })).toEqual(planned);
    expect(await cleanUpLanes({ ...options, dryRun: false })).toEqual([]);
  });

  it('creates its streams once, and reports what is unlike it without changing it', async () => {
    const { nc, differences } = await open();
    expect(differences).toEqual([]);
    const names = namesOf(org);
    const again = await ensureStores({ nc, names, limits: { outputPerSubject: 5 } });
    expect(again).toContainEqual({
      stream: names.outputStream,
      field: 'max_msgs_per_subject',
      wanted: 5,
      found: 10_000,
    });
  });

  it('spreads equal work over replicas by their free slots', async () => {
    const { dispatcher } = await open();
    const ran = new Map<string, number>();
    const replica = (id: string, slots: number) =>
      station({
        id,
        slots: new CountedSlots(slots),
        execute: async () => {
          ran.set(id, (ran.get(id) ?? 0) + 1);
          await new Promise((next) => setTimeout(next, 20));
          return { status: 'completed', result: '' };
        },
      });
    const started = await Promise.all([replica('s1', 1), replica('s2', 2), replica('s3', 4)]);
    const works = await Promise.all(Array.from({ length: 700 }, (_unused, index) => assign(`w${index}`)));
    await Promise.all(works.map((work) => dispatcher.await(work.id, { timeoutMs: 15_000 })));
    for (const [id, share] of [
      ['s1', 100],
      ['s2', 200],
      ['s3', 400],
    ] as const)
      expect(Math.abs((ran.get(id) ?? 0) - share) / share, `${id} ran ${ran.get(id)}`).toBeLessThan(0.15);
    expect(started.map((one) => one.slots.peak)).toEqual([1, 2, 4]);
  });

  it('lets urgent work overtake', async () => {
    const { dispatcher } = await open();
    const later = await Promise.all(
      Array.from({ length: 20 }, (_unused, index) => assign(`later ${index}`, { priority: 5 })),
    );
    const urgent = await assign('urgent', { priority: 1 });
    const order: string[] = [];
    await station({
      slots: new CountedSlots(1),
      execute: async (run) => {
        order.push(run.task);
        return { status: 'completed', result: '' };
      },
    });
    for (const work of [urgent, ...later]) await dispatcher.await(work.id, { timeoutMs: 5_000 });
    expect(order[0]).toBe('urgent');
  });
});
