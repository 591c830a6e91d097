import type { LiveSource } from '../../src-shared/live.ts';
import { LiveOnDemand } from '../../src-shared/live-on-demand.ts';
import type { ModelCall } from '../../src-shared/protocol/activity.ts';
import { type Bill, billOf } from '../../src-shared/views/bill.ts';
import type { StoryPart } from '../work/work-story.ts';

/** The story of a work from its first byte to its outcome, wherever it runs. */
export type Story = (work: string, options: { signal: AbortSignal }) => AsyncIterable<StoryPart>;

/** Each call of a model that a work tells of, in its newest state, after each time it tells. */
async function* calls(story: Story, work: string, signal: AbortSignal) {
  const newest = new Map<string, ModelCall>();
  for await (const part of story(work, { signal })) {
    const activity = part.kind === 'said' ? part.line.activity : undefined;
    if (activity?.kind !== 'model_call') continue;
    newest.set(activity.id, activity);
    yield newest;
  }
}

/** What an ended work cost; undefined when it called no model. @throws LatticeError `cancelled`, `not_connected`, `not_found`. */
export async function readBill(story: Story, work: string, signal: AbortSignal): Promise<Bill | undefined> {
  let bill: Bill | undefined;
  for await (const newest of calls(story, work, signal)) bill = billOf(newest.values());
  return bill;
}

/** What a work cost until now, as long as someone listens; nothing until it called a model. */
export function liveBill(story: Story, work: string): LiveSource<Bill> {
  return new LiveOnDemand<Bill>({
    key: () => 'bill',
    fill: async (target, signal) => {
      for await (const newest of calls(story, work, signal)) target.set(billOf(newest.values()));
    },
  });
}
