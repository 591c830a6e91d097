import { applyEdit } from '../src-shared/lattice-yaml/edit/edit.ts';
import { noTotals, type UsageEntry } from '../src-shared/routing/usage.ts';
import { readDraft } from '../src-shared/routing-editor/draft-reading.ts';
import { nextCalls, type PreviewBasis } from '../src-shared/routing-editor/preview.ts';
import { replayDraft } from '../src-shared/routing-editor/replay-draft.ts';
import { noStress } from '../src-shared/routing-editor/stress.ts';
import { type BenchResult, percentile } from './result.ts';
import { bigFile } from './routing-editor-file.ts';

const ROUNDS = 40;
const CALLS = 100_000;
const MODELS = ['anthropic/claude-sonnet-4-5', 'openai/gpt-4o', 'google/gemini-2.5-pro'];
const noUsage = { all: noTotals, by_provider: {}, by_model: {}, by_agent: {}, by_day: {} };

/** What the routing editor computes: 20 calls under stress, 100,000 calls of history, one edit, one reading. */
export async function bench(): Promise<BenchResult[]> {
  const text = bigFile(200);
  const { document } = readDraft([{ scope: 'project', name: 'lattice.yaml', text }], 0);
  const basis: PreviewBasis = {
    document,
    stand: {
      state: { routing_state: {}, cool_downs: {}, reservations: {} },
      figures: { today: noUsage, month: noUsage },
      latencies: {},
      at: Date.now(),
    },
    known: { prices: Object.fromEntries(MODELS.map((model) => [model, { input: 3, output: 15 }])), keys: {} },
  };
  const stress = { ...noStress, budget: { openai: 2 }, limited: ['google'] };
  const preview = document.agents
    .slice(0, ROUNDS)
    .map((agent) => timed(() => nextCalls(basis, agent, { stress })));
  const names = document.agents.map(({ name }) => name);
  const calls = Array.from({ length: CALLS }, (_, index) => entry(index, names[index % names.length] ?? ''));
  const chunks: number[] = [];
  const replay = timed(() => {
    const run = replayDraft(calls, document, basis.known);
    for (let done = false; !done; ) chunks.push(timed(() => (done = run.next().done === true)));
  });
  const file = bigFile(20);
  const path = ['agents', 'agent-7', 'routing', 'pattern'];
  const edits = Array.from({ length: ROUNDS }, () =>
    timed(() => applyEdit(file, { kind: 'move', path, from: 4, to: 0 })),
  );
  const reads = Array.from({ length: 10 }, () =>
    timed(() => readDraft([{ scope: 'project', name: 'lattice.yaml', text }], 0)),
  );
  return [
    {
      name: '20 next calls under stress, p95',
      unit: 'ms',
      value: rounded(percentile(preview, 0.95)),
      bar: '< 5 ms',
    },
    { name: `replay of ${CALLS} calls`, unit: 'ms', value: rounded(replay), bar: '< 1000 ms' },
    { name: 'longest chunk of that replay', unit: 'ms', value: rounded(Math.max(...chunks)) },
    { name: `one edit in ${lines(file)} lines, p95`, unit: 'ms', value: rounded(percentile(edits, 0.95)) },
    {
      name: `read ${lines(text)} lines with every check, median`,
      unit: 'ms',
      value: rounded(percentile(reads, 0.5)),
    },
  ];
}

function entry(index: number, agent: string): UsageEntry {
  const model = MODELS[index % 3] ?? '';
  return {
    id: String(index),
    time: new Date(1.7e12 + index * 1_000).toISOString(),
    agent,
    provider: model.split('/')[0] ?? '',
    model,
    outcome: 'ok',
    input_tokens: 5_000 + (index % 900),
    output_tokens: 700,
    usd: 0.02,
  };
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const rounded = (value: number) => Number(value.toFixed(2));
const lines = (text: string) => text.split('\n').length;
