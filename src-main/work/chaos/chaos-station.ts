import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CountedSlots, FixedMesh, startTestStation } from '../../testing/work-station.ts';

const [url = '', id = '', effects = '', ackWaitMs = '2000'] = process.argv.slice(2);

const mesh = new FixedMesh();
for (const station of ['s1', 's2', 's3', 's4']) mesh.set(station, 'online', { worker: [] });
const ackWait = Number(ackWaitMs);

/** A station of the chaos test: each run leaves a line when it begins and one when it ends. */
await startTestStation({
  url,
  id,
  org: 'chaos',
  mesh,
  slots: new CountedSlots(4),
  workerTimes: { ackWaitMs: ackWait, inProgressMs: Math.round(ackWait / 3), retryDelayMs: 100 },
  witnessTimes: { lookMs: 1_000, renewMs: 300, expireMs: 1_500, graceMs: 3_000 },
  execute: async (run, { report, signal }) => {
    const file = join(effects, run.workId);
    await appendFile(file, `begin ${run.attempt} ${id} ${process.pid}\n`);
    const half = Number(run.context.ms) / 2;
    for (const part of ['first', 'second']) {
      report({ type: 'output', text: `${run.attempt} ${part};` });
      await new Promise((next) => setTimeout(next, half));
      if (signal.aborted) return { status: 'cancelled', reason: 'stopped' };
    }
    await appendFile(file, `end ${run.attempt} ${id} ${process.pid}\n`);
    return { status: 'completed', result: String(run.attempt) };
  },
});
process.stdout.write('ready\n');
