import { setTimeout as delay } from 'node:timers/promises';
import type { HubTiming } from './hub-timing.ts';
import { monitorUrl, type RunningHub } from './launcher.ts';
import { readMonitor, varzSchema } from './monitor-client.ts';

/** Lets the hub read its config again without a restart; false when it did not take it in time. */
export async function reloadHub(running: RunningHub, timing: HubTiming): Promise<boolean> {
  // Windows has no such signal.
  if (process.platform === 'win32') return false;
  const before = await loadTime(running);
  if (before === undefined) return false;
  await running.process.signal('SIGHUP');
  const deadline = performance.now() + timing.reload;
  while (performance.now() < deadline) {
    const now = await loadTime(running);
    if (now !== undefined && now !== before) return true;
    await delay(timing.poll);
  }
  return false;
}

async function loadTime(running: RunningHub): Promise<string | undefined> {
  try {
    return (await readMonitor(monitorUrl(running.ports), '/varz', varzSchema)).config_load_time;
  } catch {
    return undefined;
  }
}
