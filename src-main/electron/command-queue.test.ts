import { expect, it } from 'vitest';
import { CommandQueue } from './command-queue.ts';

function follow(queue: CommandQueue) {
  const heard: string[] = [];
  const listening = queue.on(({ upserts }) => void heard.push(...upserts.map(({ command }) => command)));
  return { heard, take: () => heard.push(...queue.snapshot().map(({ command }) => command)), listening };
}

it('keeps commands for a window that is not there yet and hands each over once', () => {
  const queue = new CommandQueue();
  queue.ask('node.join', 'lattice://join#x');
  const first = follow(queue);
  queue.ask('go.hub');
  first.take();
  queue.ask('palette.open');
  expect(first.heard).toEqual(['node.join', 'go.hub', 'palette.open']);
  first.listening[Symbol.dispose]();
  queue.ask('go.agents');
  const second = follow(queue);
  second.take();
  expect(second.heard).toEqual(['go.agents']);
});

it('numbers commands on and drops the oldest of too many', () => {
  const queue = new CommandQueue();
  for (let count = 0; count < 50; count += 1) queue.ask('go.hub');
  expect(queue.snapshot().map(({ seq }) => seq)).toEqual(
    Array.from({ length: 20 }, (_one, index) => 31 + index),
  );
});
