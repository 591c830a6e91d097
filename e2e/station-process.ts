import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const cli = join(import.meta.dirname, '../out/cli/lattice.js');

export interface StationProcessOptions {
  /** The `LATTICE_HOME` of the station; its project folder lies in it. */
  home: string;
  /** The hub to join by its address. */
  url?: string;
  /** The link to join by. */
  link?: string;
  name: string;
  slots?: number;
  /** Files that are put over the demo agents, by their path in the project folder. */
  files?: Readonly<Record<string, string>>;
}

/** A real `lattice serve` or `lattice join` in a process of its own. */
export interface StationProcess {
  id: string;
  pid: number;
  /** Ends it without a goodbye. */
  kill(): Promise<void>;
  /** Ends it as Ctrl C does. */
  stop(): Promise<void>;
}

/** Writes the demo agents into a new folder and serves them as a member of a lattice; resolves when it is ready. */
export async function startStationProcess(options: StationProcessOptions): Promise<StationProcess> {
  const project = join(options.home, options.name);
  await mkdir(project, { recursive: true });
  const env = { ...process.env, LATTICE_HOME: options.home };
  await finished(spawn(process.execPath, [cli, 'init', project, '--force'], { env, stdio: 'ignore' }));
  for (const [path, text] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
  const slots = String(options.slots ?? 2);
  const child = spawn(
    process.execPath,
    [cli, ...way(options), '--json', '--name', options.name, '--max-parallel', slots],
    { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const id = await readiness(child);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return { id, pid: child.pid ?? 0, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

function way({ url, link }: StationProcessOptions): string[] {
  return link === undefined ? ['serve', '--lattice', url ?? ''] : ['join', link];
}

async function finished(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`lattice ended with ${code}`);
}

async function readiness(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  if (child.stdout === null) throw new Error('The station has no stdout.');
  for await (const line of createInterface({ input: child.stdout })) {
    const answer: { ok: boolean; data?: { station_id: string } } = JSON.parse(line);
    if (answer.data) return answer.data.station_id;
    throw new Error(`The station did not start: ${line}`);
  }
  throw new Error(`The station ended at once: ${said}`);
}
