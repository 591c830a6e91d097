import { readdir, readFile } from 'node:fs/promises';

/** The variable that marks every process of a run, also one that left its group. */
export const RUN_MARK = 'AGENT_RUN_MARK';

/** Kills what a run left behind outside its process group; returns how many. Only Linux tells which those are. */
export async function killLeftovers(mark: string): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const wanted = `${RUN_MARK}=${mark}`;
  let killed = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(wanted)) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
      killed++;
    } catch {
      // It ended by itself.
    }
  }
  return killed;
}
