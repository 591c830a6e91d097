import { expect, it } from 'vitest';
import { LiveOnDemand } from './live-on-demand.ts';

it('fills while someone listens, starts anew for the next, and survives a filler that fails', () => {
  const signals: AbortSignal[] = [];
  const source = new LiveOnDemand<{ id: string }>({
    key: (item) => item.id,
    fill: async (target, signal) => {
      signals.push(signal);
      target.set({ id: `run ${signals.length}` });
      await Promise.resolve();
      throw new Error('the connection ended');
    },
  });
  expect(source.snapshot()).toEqual([]);
  const seen: string[] = [];
  const listen = () => source.on(({ upserts }) => seen.push(...upserts.map((item) => item.id)));
  const one = listen();
  const two = listen();
  expect(seen).toEqual(['run 1']);
  expect(source.snapshot()).toEqual([{ id: 'run 1' }]);
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  expect(signals[0]?.aborted).toBe(false);
  two[Symbol.dispose]();
  expect(signals[0]?.aborted).toBe(true);
  expect(source.snapshot()).toEqual([]);
  const three = listen();
  expect(source.snapshot()).toEqual([{ id: 'run 2' }]);
  three[Symbol.dispose]();
});
