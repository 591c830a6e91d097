import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import type { UsageDay, UsageShareRow } from '../src-shared/protocol/usage.ts';
import { dayOf } from '../src-shared/routing/usage.ts';

/** Agent, model, calls a day, tokens in and out of a call, dollars of a call. */
const HABITS = [
  ['coder', 'anthropic/claude-sonnet-4-5', 46, 9_200, 1_100, 0.0441],
  ['coder', 'openai/gpt-5.2', 18, 7_400, 800, 0.0242],
  ['reviewer', 'openai/gpt-5.2', 22, 5_100, 420, 0.0148],
  ['planner', 'anthropic/claude-opus-4-5', 5, 11_800, 1_900, 0.1065],
  ['log-analyzer', 'ollama/llama3.1:8b', 64, 3_300, 260, 0],
  ['doc-writer', 'google/gemini-3-flash', 31, 2_700, 900, 0.0041],
] as const;

function row(
  [agent, model, calls, input, output, usd]: (typeof HABITS)[number],
  part: number,
): UsageShareRow {
  const made = Math.round(calls * part);
  const money = Number((made * usd).toFixed(4));
  return {
    agent,
    model,
    provider: model.split('/')[0] ?? model,
    calls: made,
    failed: Math.floor(made / 40),
    rate_limited: Math.floor(made / 25),
    input_tokens: made * input,
    output_tokens: made * output,
    usd: money,
    estimated_usd: model.startsWith('openai') ? 0 : money,
    estimated_tokens: 0,
    unpriced: 0,
  };
}

/** Puts a month of a team's usage into the bucket of the lattice at `url`. */
export async function putUsageHistory(url: string, stations: readonly string[]): Promise<void> {
  const nc = await connect({ servers: url });
  try {
    const kv = await new Kvm(jetstream(nc)).open('lattice-default-usage');
    const now = new Date();
    for (let back = 0; back < 30; back++) {
      const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
      const weekend = at.getDay() % 6 === 0 ? 0.2 : 1;
      for (const [index, station] of stations.entries()) {
        const part = weekend * (0.45 + 0.55 * Math.abs(Math.sin(back * 1.7 + index * 2.1)));
        const rows = HABITS.filter((_, habit) => (habit + index) % 2 === 0 || index === 0);
        const day: UsageDay = {
          day: dayOf(at.getTime()),
          station_id: station,
          station_name: station,
          updated_at: now.toISOString(),
          rows: rows.map((habit) => row(habit, part)).filter(({ calls }) => calls > 0),
        };
        await kv.put(`${day.day}.${station}`, JSON.stringify(day));
      }
    }
  } finally {
    await nc.close();
  }
}
