import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait for killed processes to be gone. */
const GONE_MS = 2_000;
const POLL_MS = 20;

/** The variable that marks every process of a run, also one that left its group. */
export const RUN_MARK = 'AGENT_RUN_MARK';

/** Kills what a run left behind outside its process group; returns how many. Only Linux tells which those are. */
export async function killLeftovers(mark: string): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const left = await marked(mark);
  const end = performance.now() + GONE_MS;
  for (let still = left; still.length > 0 && performance.now() < end; still = await marked(mark)) {
    for (const pid of still) kill(pid);
    await delay(POLL_MS);
  }
  return left.length;
}

async function marked(mark: string): Promise<number[]> {
  const wanted = `${RUN_MARK}=${mark}`;
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    names.map(async (name) => {
      const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(wanted) ? [Number(name)] : [];
    }),
  );
  return found.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
