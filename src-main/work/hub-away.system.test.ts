import { expect, it, vi } from 'vitest';
import { startNatsServer } from '../testing/nats-server.ts';
import { never } from '../testing/work-lattice.ts';
import { openTestAccess, startTestStation } from '../testing/work-station.ts';

it('goes on in the same attempt when the hub dies and comes back, for who runs, awaits and watches', async () => {
  const first = await startNatsServer();
  const { port, storeDir } = first;
  let finish: () => void = () => undefined;
  const station = await startTestStation({
    url: first.url,
    id: 's1',
    execute: async (_run, { report }) => {
      report({ type: 'output', text: 'before' });
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      report({ type: 'output', text: 'after' });
      return { status: 'completed', result: 'done' };
    },
  });
  const access = await openTestAccess(first.url);
  const { dispatcher } = access;
  const { id } = await dispatcher.assign({ task: 'x', agent: 'worker', requested_by: 'anna' });
  const lines: string[] = [];
  const watching = (async () => {
    for await (const part of access.story(id)) if (part.kind === 'said') lines.push(part.line.text);
  })();
  const awaiting = dispatcher.await(id, { timeoutMs: 15_000 });
  await vi.waitFor(() => expect(lines).toEqual(['before']));
  await first.kill();
  finish();
  const back = await startNatsServer({ port, storeDir });
  try {
    expect(await awaiting).toMatchObject({ status: 'completed', attempt: 1, result: 'done' });
    await watching;
    expect(lines).toEqual(['before', 'after']);
    await expect(dispatcher.check(id)).resolves.toMatchObject({ status: 'completed' });
  } finally {
    await station[Symbol.asyncDispose]();
    await access[Symbol.asyncDispose]();
    await back[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
  }
});

it('lets a station stop while the hub is away, and hands its work on when both are back', async () => {
  const first = await startNatsServer();
  const { port, storeDir } = first;
  const station = await startTestStation({ url: first.url, id: 's1', execute: never });
  const access = await openTestAccess(first.url);
  const { dispatcher } = access;
  const { id } = await dispatcher.assign({ task: 'x', agent: 'worker', requested_by: 'anna' });
  await vi.waitFor(async () => expect(await dispatcher.check(id)).toMatchObject({ status: 'accepted' }));
  await first.kill();
  const before = performance.now();
  await station[Symbol.asyncDispose]();
  expect(performance.now() - before).toBeLessThan(15_000);
  const back = await startNatsServer({ port, storeDir });
  const again = await startTestStation({
    url: back.url,
    id: 's1',
    execute: async () => ({ status: 'completed', result: 'resumed' }),
  });
  try {
    expect(await dispatcher.await(id, { timeoutMs: 10_000 })).toMatchObject({
      result: 'resumed',
      attempt: 2,
    });
  } finally {
    await again[Symbol.asyncDispose]();
    await access[Symbol.asyncDispose]();
    await back[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
  }
}, 40_000);
