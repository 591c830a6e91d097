import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Network } from './network.ts';
import { cli, writeProject } from './two-machines.ts';

export interface StationProcessOptions {
  /** The `LATTICE_HOME` of the station; its project folder lies in it. */
  home: string;
  /** The hub to join by its address. Without it and without a link, the station hosts and shares. */
  url?: string;
  /** The link to join by; it is handed over on stdin. */
  link?: string;
  /** Another network than ours to run in. */
  network?: Network;
  name: string;
  slots?: number;
  /** Files that are put over the demo agents, by their path in the project folder. */
  files?: Readonly<Record<string, string>>;
}

/** A real `lattice serve` or `lattice join` in a process of its own. */
export interface StationProcess {
  id: string;
  pid: number;
  /** Resolves with what it says when its lattice does not let it in any more; empty when it ends otherwise. */
  refusal(): Promise<string>;
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
  await writeProject(project, options.files ?? {});
  const slots = String(options.slots ?? 2);
  const args = [cli, ...way(options), '--json', '--name', options.name, '--max-parallel', slots];
  const [program = '', ...rest] = options.network?.argv(process.execPath, args) ?? [
    process.execPath,
    ...args,
  ];
  const child = spawn(program, rest, { cwd: project, env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(options.link);
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const id = await readiness(child, said);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const refusal = async () => {
    const { value } = await said.next();
    const answer: { error?: { message: string } } = JSON.parse(value ?? '{}');
    return answer.error?.message ?? '';
  };
  return { id, pid: child.pid ?? 0, refusal, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

function way({ url, link, network }: StationProcessOptions): string[] {
  if (link !== undefined) return ['join', '-'];
  if (url !== undefined) return ['serve', '--lattice', url];
  const ports = network === undefined ? ['--port', '0', '--http-port', '0'] : [];
  return ['serve', '--orchestration', '--share', ...ports];
}

async function finished(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`lattice ended with ${code}`);
}

async function readiness(child: ChildProcess, lines: AsyncIterator<string>): Promise<string> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const { value: line, done } = await lines.next();
  if (done) throw new Error(`The station ended at once: ${complaint}`);
  const answer: { data?: { station_id: string } } = JSON.parse(line);
  if (answer.data) return answer.data.station_id;
  throw new Error(`The station did not start: ${line}`);
}
