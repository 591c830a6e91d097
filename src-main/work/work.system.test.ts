import { describe, expect, it, vi } from 'vitest';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { echo, never, SERVERS, WorkLattice } from '../testing/work-lattice.ts';
import { CountedSlots, FixedMesh, openTestAccess } from '../testing/work-station.ts';
import { ensureStores } from './streams.ts';

describe.each(SERVERS)('durable work on %s', (_, binary) => {
  const lattice = new WorkLattice(binary);

  it('runs work to its result and keeps the whole story', async () => {
    const { dispatcher, history } = await lattice.open();
    await lattice.station({ execute: echo });
    const { id } = await lattice.assign('say hi');
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
    await lattice.open();
    const first = await lattice.assign('once', { dedupe_key: 'invoice 7' });
    const second = await lattice.assign('once', { dedupe_key: 'invoice 7' });
    expect(second).toMatchObject({ id: first.id, created: false });
    let runs = 0;
    await lattice.station({
      execute: async () => {
        runs++;
        return { status: 'completed', result: 'done' };
      },
    });
    const other = await openTestAccess(lattice.url, new FixedMesh(), lattice.org);
    lattice.use(other);
    expect(await other.dispatcher.await(first.id, { timeoutMs: 5_000 })).toMatchObject({ result: 'done' });
    expect(await other.dispatcher.await(first.id)).toMatchObject({ status: 'completed' });
    expect(runs).toBe(1);
  });

  it('queues work that nobody offers, says so, and places it when a station joins', async () => {
    const { dispatcher } = await lattice.open();
    const { id, record } = await lattice.assign('wait for me');
    expect(record.unplaceable?.reason).toBe('No station offers the agent worker.');
    await lattice.station({ execute: echo });
    const ended = await dispatcher.await(id, { timeoutMs: 5_000 });
    expect(ended).toMatchObject({ status: 'completed' });
    expect(ended).not.toHaveProperty('unplaceable');
  });

  it('cancels queued work so that it never starts', async () => {
    const { dispatcher } = await lattice.open();
    const { id } = await lattice.assign('do not');
    await dispatcher.cancel(id, 'anna', 'changed my mind');
    let ran = false;
    const { service } = await lattice.station({
      execute: async () => {
        ran = true;
        return { status: 'completed', result: '' };
      },
    });
    const next = await lattice.assign('do');
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
    const { dispatcher } = await lattice.open();
    await lattice.station({ execute: never });
    const { id } = await lattice.assign('run forever');
    await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
    await dispatcher.cancel(id, 'anna', 'enough');
    const record = await dispatcher.await(id, { timeoutMs: 5_000 });
    expect(record).toMatchObject({ status: 'cancelled', cancel: { by: 'anna', reason: 'enough' } });
    expect(record.attempts).toMatchObject([{ end: 'cancelled', reason: 'enough' }]);
    expect((await dispatcher.cancel(id, 'bob', 'late')).cancel?.by).toBe('anna');
  });

  it('asks a person, takes one answer, and goes on', async () => {
    const { dispatcher } = await lattice.open();
    await lattice.station({
      execute: async (_run, { ask }) => ({
        status: 'completed',
        result: `painted ${await ask({ id: 'q1', text: 'Which colour?', choices: ['red', 'blue'] })}`,
      }),
    });
    const { id } = await lattice.assign('paint', { timeout_ms: 400 });
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
    const { dispatcher } = await lattice.open();
    await lattice.station({
      agents: ['worker', 'helper'],
      execute: async (run, { assign: handOn }) => {
        if (run.agent === 'helper') return { status: 'completed', result: 'helped' };
        return { status: 'completed', result: await handOn({ agent: 'helper', task: 'part', context: {} }) };
      },
    });
    const { id } = await lattice.assign('whole');
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

  it('tells what an agent does in order with its text, and joins pieces of one answer', async () => {
    const { story } = await lattice.open();
    await lattice.station({
      execute: async (_request, { report }) => {
        report({
          type: 'activity',
          activity: { kind: 'plan', entries: [{ text: 'Look', status: 'running' }] },
        });
        for (const text of ['It ', 'is ', 'green.'])
          report({ type: 'activity', activity: { kind: 'text', id: '1', role: 'answer', text } });
        report({ type: 'output', text: 'plain\n' });
        report({
          type: 'activity',
          activity: { kind: 'notice', level: 'info', text: 'No network limit here.' },
        });
        return { status: 'completed', result: 'It is green.' };
      },
    });
    const { id } = await lattice.assign('look');
    const said: unknown[] = [];
    for await (const part of story(id))
      if (part.kind === 'said' && part.line.kind !== 'progress')
        said.push(part.line.activity ?? part.line.text);
    expect(said).toEqual([
      { kind: 'plan', entries: [{ text: 'Look', status: 'running' }] },
      { kind: 'text', id: '1', role: 'answer', text: 'It is green.' },
      'plain\n',
      { kind: 'notice', level: 'info', text: 'No network limit here.' },
    ]);
  });

  it('keeps large results in the store, and output a late watcher sees from the first byte', async () => {
    const { dispatcher, story } = await lattice.open();
    const big = 'x'.repeat(20 * 1024 ** 2);
    await lattice.station({
      execute: async (_run, { report }) => {
        for (let line = 0; line < 2_000; line++) report({ type: 'output', text: `line ${line}\n` });
        report({ type: 'progress', percent: 50, message: 'half' });
        report({ type: 'output', text: 'the end\n' });
        return { status: 'completed', result: big };
      },
    });
    const { id } = await lattice.assign('much');
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

  it('creates its streams once, and reports what is unlike it without changing it', async () => {
    const { nc, differences } = await lattice.open();
    expect(differences).toEqual([]);
    const names = namesOf(lattice.org);
    const again = await ensureStores({ nc, names, limits: { outputPerSubject: 5 } });
    expect(again).toContainEqual({
      stream: names.outputStream,
      field: 'max_msgs_per_subject',
      wanted: 5,
      found: 10_000,
    });
  });

  it('spreads equal work over replicas by their free slots', async () => {
    const { dispatcher } = await lattice.open();
    const ran = new Map<string, number>();
    const replica = (id: string, slots: number) =>
      lattice.station({
        id,
        slots: new CountedSlots(slots),
        execute: async () => {
          ran.set(id, (ran.get(id) ?? 0) + 1);
          await new Promise((next) => setTimeout(next, 20));
          return { status: 'completed', result: '' };
        },
      });
    const started = await Promise.all([replica('s1', 1), replica('s2', 2), replica('s3', 4)]);
    const works = await Promise.all(
      Array.from({ length: 700 }, (_unused, index) => lattice.assign(`w${index}`)),
    );
    await Promise.all(works.map((work) => dispatcher.await(work.id, { timeoutMs: 50_000 })));
    for (const [id, share] of [
      ['s1', 100],
      ['s2', 200],
      ['s3', 400],
    ] as const)
      expect(Math.abs((ran.get(id) ?? 0) - share) / share, `${id} ran ${ran.get(id)}`).toBeLessThan(0.15);
    expect(started.map((one) => one.slots.peak)).toEqual([1, 2, 4]);
  });

  it('lets urgent work overtake', async () => {
    const { dispatcher } = await lattice.open();
    const later = await Promise.all(
      Array.from({ length: 20 }, (_unused, index) => lattice.assign(`later ${index}`, { priority: 5 })),
    );
    const urgent = await lattice.assign('urgent', { priority: 1 });
    const order: string[] = [];
    await lattice.station({
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
