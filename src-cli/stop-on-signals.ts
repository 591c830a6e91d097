import { once } from 'node:events';
import type { Output } from './output.ts';

const STOP_DEADLINE_MS = 15_000;
/** A second signal within this time is the same request. */
const SAME_REQUEST_MS = 1_000;

/** The first signal asks to stop, the second ends at once; stopping has a deadline. */
export function stopOnSignals(output: Output) {
  const asked = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  let askedAt = 0;
  const onSignal = () => {
    // Ctrl C reaches the whole terminal group, and whoever started us may pass it on once more.
    if (asked.signal.aborted) {
      if (performance.now() - askedAt > SAME_REQUEST_MS) process.exit(1);
      return;
    }
    askedAt = performance.now();
    output.line('Stopping. Again to end at once.');
    asked.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return {
    asked: once(asked.signal, 'abort'),
    begin() {
      deadline = setTimeout(() => process.exit(1), STOP_DEADLINE_MS);
      deadline.unref();
    },
    end() {
      clearTimeout(deadline);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
    },
  };
}
