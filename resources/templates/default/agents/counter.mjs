// Counts to a number and reports progress. Context: {"to": 10, "delay_ms": 500}.
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const lines = createInterface({ input: process.stdin });
const say = (message) => console.log(JSON.stringify(message));

lines.once('line', async (line) => {
  const { context } = JSON.parse(line);
  const to = Math.max(1, Math.min(100_000, Number(context.to ?? 10)));
  const pause = Math.max(0, Number(context.delay_ms ?? 500));
  for (let n = 1; n <= to; n++) {
    say({ type: 'progress', percent: (100 * n) / to, step: n, of: to, message: `${n} of ${to}` });
    say({ type: 'output', text: `${n}\n` });
    if (n < to) await delay(pause);
  }
  say({ type: 'result', result: `Counted to ${to}.` });
  process.exit(0);
});

// stdin closes when the station that started us is gone; nobody would hear the rest.
lines.on('close', () => process.exit(1));
