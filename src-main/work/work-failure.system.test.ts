import { describe, expect, it, vi } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { echo, never, SERVERS, WorkLattice } from '../testing/work-lattice.ts';
import { CountedSlots, FixedMesh } from '../testing/work-station.ts';
import { cleanUpLanes } from './cleanup.ts';
import type { SaidRefusal } from './speakers.ts';

describe.each(SERVERS)('durable work that goes wrong, on %s', (_, binary) => {
  const lattice = new WorkLattice(binary);

  it('tries again after a failure of the machinery, then stops and asks a person, who may retry', async () => {
    const { dispatcher, history } = await lattice.open();
    let works = false;
    await lattice.station({
      execute: async (run) =>
        works
          ? { status: 'completed', result: `attempt ${run.attempt}` }
          : { status: 'failed', error: new LatticeError('runner_unavailable', 'No such program.').toShape() },
    });
    const { id } = await lattice.assign('try');
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
    const { dispatcher } = await lattice.open();
    await lattice.station({
      execute: async (run) =>
        run.task === 'good'
          ? { status: 'completed', result: 'fine' }
          : { status: 'failed', error: new LatticeError('agent_failed', 'Cannot do that.').toShape() },
    });
    const { id } = await lattice.assign('bad', { dedupe_key: 'k' });
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
    const { dispatcher } = await lattice.open();
    await lattice.station({ execute: never });
    const slow = await lattice.assign('slow', { timeout_ms: 50, max_attempts: 2 });
    const dead = await lattice.assign('dead', { deadline: new Date(Date.now() + 300).toISOString() });
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
    const { dispatcher } = await lattice.open();
    const first = await lattice.startStation({ execute: never });
    const { id } = await lattice.assign('long');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await lattice.station({ id: 's2', execute: echo });
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
    const { dispatcher } = await lattice.open();
    let finish: () => void = () => undefined;
    const workerTimes = { ackWaitMs: 1_000, inProgressMs: 60_000, retryDelayMs: 20 };
    const hung = await lattice.station({
      id: 's1',
      slots: new CountedSlots(1),
      workerTimes,
      execute: () =>
        new Promise((resolve) => {
          finish = () => resolve({ status: 'completed', result: 'late' });
        }),
    });
    const { id } = await lattice.assign('take over');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await lattice.station({
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
    const { dispatcher } = await lattice.open();
    const dead = await lattice.startStation({ execute: never });
    const { id } = await lattice.assign('mine');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await dead.nc.close();
    await dead[Symbol.asyncDispose]();
    const queued = await Promise.all(['a', 'b', 'c'].map((task) => lattice.assign(task, { priority: 1 })));
    const order: string[] = [];
    await lattice.station({
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

  it('watches live, and leaves out what a dead attempt says late', async () => {
    const { dispatcher, story, nc } = await lattice.open();
    let go: () => void = () => undefined;
    await lattice.station({
      execute: async (_run, { report }) => {
        report({ type: 'output', text: 'alive' });
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return { status: 'completed', result: 'ok' };
      },
    });
    const { id } = await lattice.assign('speak');
    let refused = 0;
    const lines: string[] = [];
    for await (const part of story(id, { onRefused: () => refused++ })) {
      if (part.kind !== 'said') continue;
      lines.push(part.line.text);
      const subject = `lattice.v1.${lattice.org}.work.${id}.output.s1`;
      const late = { attempt: 1, seq: 1, time: new Date().toISOString(), text: 'again' };
      nc.publish(subject, JSON.stringify(late));
      nc.publish(subject, 'rubbish');
      await vi.waitFor(() => expect(refused).toBe(2));
      go();
    }
    expect(lines).toEqual(['alive']);
    expect(await dispatcher.check(id)).toMatchObject({ status: 'completed' });
  });

  it('tells only what the station says that holds the attempt, and reports the rest', async () => {
    const { story, dispatcher, nc } = await lattice.open();
    const names = namesOf(lattice.org);
    let go: () => void = () => undefined;
    const { service } = await lattice.station({
      execute: async (_run, { report }) => {
        report({ type: 'output', text: 'mine' });
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        report({ type: 'output', text: 'the end' });
        return { status: 'completed', result: 'ok' };
      },
    });
    const { id } = await lattice.assign('speak');
    const said = (attempt: number, seq: number, what: object) =>
      JSON.stringify({ attempt, seq, time: new Date().toISOString(), ...what });
    const refused: string[] = [];
    const lines: string[] = [];
    const onRefused = ({ station, why }: SaidRefusal) => refused.push(`${station}: ${why}`);
    for await (const part of story(id, { onRefused })) {
      if (part.kind === 'said') lines.push(part.line.text);
      if (part.kind !== 'said' || part.line.text !== 'mine') continue;
      nc.publish(names.workOutput(id, 's2'), said(1, 2, { text: 'forged' }));
      nc.publish(names.workProgress(id, 's2'), said(1, 3, { progress: { percent: 99 } }));
      nc.publish(names.workOutput(id, 's2'), said(7, 1, { text: 'of an attempt to come' }));
      await vi.waitFor(() => expect(refused).toHaveLength(2));
      await vi.waitFor(() => expect(service.works.refused).toBe(1));
      expect(service.works.live.get(id)?.progress).toBeUndefined();
      go();
    }
    expect(lines).toEqual(['mine', 'the end']);
    expect(refused).toEqual(['s2: it does not hold attempt 1', 's2: it does not hold attempt 1']);
    expect(await dispatcher.check(id)).toMatchObject({ status: 'completed' });
  });

  it('refuses forged and malformed messages', async () => {
    const { dispatcher, nc } = await lattice.open();
    const { service } = await lattice.station({ execute: echo });
    nc.publish(`lattice.v1.${lattice.org}.agent.worker.work.assign.3`, 'rubbish');
    nc.publish(
      `lattice.v1.${lattice.org}.agent.worker.work.assign.3`,
      JSON.stringify({ work_id: 'nobody', agent: 'worker' }),
    );
    nc.publish(`lattice.v1.${lattice.org}.work.nobody.state`, JSON.stringify({ type: 'cancelled' }));
    const { id } = await lattice.assign('real');
    nc.publish(`lattice.v1.${lattice.org}.work.${id}.state`, JSON.stringify({ status: 'failed' }));
    expect(await dispatcher.await(id, { timeoutMs: 5_000 })).toMatchObject({ status: 'completed' });
    await vi.waitFor(() => {
      expect(service.worker.counts.refused).toBe(1);
      expect(service.worker.counts.duplicates).toBe(1);
      expect(service.works.refused).toBeGreaterThan(0);
    });
    await expect(dispatcher.check('nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(dispatcher.await('unheard')).rejects.toMatchObject({ code: 'not_found' });
    await expect(dispatcher.cancel('unheard', 'anna', '')).rejects.toMatchObject({ code: 'not_found' });
    await expect(lattice.assign('')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(lattice.assign('x', { agent: 'a.b' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(lattice.assign('x', { agent: undefined })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('removes the readers of what is gone, where nothing waits', async () => {
    const { dispatcher, nc } = await lattice.open();
    const gone = await lattice.startStation({ execute: echo });
    const { id } = await lattice.assign('x');
    await dispatcher.await(id, { timeoutMs: 5_000 });
    await gone[Symbol.asyncDispose]();
    await lattice.assign('waits');
    const options = { nc, names: namesOf(lattice.org), mesh: new FixedMesh() };
    const planned = await cleanUpLanes({ ...options, dryRun: true });
    expect(planned.map((lane) => lane.consumer)).toContain('station-s1-3');
    expect(planned.map((lane) => lane.consumer)).not.toContain('agent-worker-3');
    expect(await cleanUpLanes({ ...options, dryRun: false })).toEqual(planned);
    expect(await cleanUpLanes({ ...options, dryRun: false })).toEqual([]);
  });
});
