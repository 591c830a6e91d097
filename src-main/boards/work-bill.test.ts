import { expect, it, vi } from 'vitest';
import type { ModelCall } from '../../src-shared/protocol/activity.ts';
import type { StoryPart } from '../work/work-story.ts';
import { liveBill, readBill, type Story } from './work-bill.ts';

function said(seq: number, more: Partial<ModelCall>): StoryPart {
  const activity: ModelCall = {
    kind: 'model_call',
    id: 'c1',
    model: 'cloud/large',
    provider: 'cloud',
    status: 'running',
    reason: '',
    passed_over: [],
    started_at: '2026-11-21T10:00:00.000Z',
    ...more,
  };
  return {
    kind: 'said',
    line: { seq, time: activity.started_at, attempt: 1, kind: 'activity', text: '', activity },
  };
}

const PARTS = [
  said(1, {}),
  said(2, { status: 'ok', usd: 0.02, input_tokens: 10, output_tokens: 2 }),
  said(3, { id: 'c2', status: 'ok', usd: 0.03 }),
];

async function* tell(parts: readonly StoryPart[]): AsyncGenerator<StoryPart> {
  yield* parts;
}

it('counts each call once, in its newest state', async () => {
  const { signal } = new AbortController();
  const bill = await readBill(() => tell(PARTS), 'w', signal);
  expect(bill).toEqual({ calls: 2, tokens: 12, usd: 0.05, estimated: false });
  expect(await readBill(() => tell([]), 'w', signal)).toBeUndefined();
});

it('tells the bill of a live work, and stops with the last listener', async () => {
  let signal: AbortSignal | undefined;
  const story: Story = (_, options) => {
    signal = options.signal;
    return tell(PARTS.slice(0, 2));
  };
  const live = liveBill(story, 'w');
  const watching = live.on(() => undefined);
  await vi.waitFor(() => expect(live.snapshot()).toMatchObject([{ calls: 1, usd: 0.02 }]));
  watching[Symbol.dispose]();
  expect(signal?.aborted).toBe(true);
});
