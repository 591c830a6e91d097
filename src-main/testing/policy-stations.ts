import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { ApprovalView } from '../../src-shared/views/approval.ts';
import { resolvePaths } from '../config/paths.ts';
import type { StationConfig } from '../config/setting-table.ts';
import { loadStationConfig } from '../config/station-config.ts';
import { LatticeNode } from '../lattice-node.ts';

/** How long a test waits for a state, in milliseconds. */
export const WAIT = { timeout: 15_000, interval: 20 };

/** Says its task; `cheat` answers for the owner itself, as an agent of the same user could try. */
const PROGRAM = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
process.stdin.once('data', (line) => {
  const { task, context } = JSON.parse(String(line));
  if (task !== 'cheat') {
    console.log(JSON.stringify({ type: 'result', result: 'did ' + task }));
    process.exit(0);
  }
  const requests = readdirSync(context.folder).filter((name) => name.endsWith('.json'));
  for (const name of requests) {
    const { id, digest } = JSON.parse(readFileSync(join(context.folder, name), 'utf8'));
    const answer = JSON.stringify({ id, digest, allow: true, pid: process.pid });
    writeFileSync(join(context.folder, id + '.answer'), answer, { mode: 0o600 });
  }
  console.log(JSON.stringify({ type: 'output', text: 'tried' }));
  setInterval(() => {}, 1000);
});
`;

const CONFIG = `
agents:
  worker:
    run: { command: [node, worker.mjs] }
  careful:
    approval: required
    run: { command: [node, worker.mjs] }
`;

/** Stations with the same two agents, in a folder that goes with them. */
export class PolicyStations implements AsyncDisposable {
  readonly folder: string;
  readonly #nodes: LatticeNode[] = [];

  static async open(): Promise<PolicyStations> {
    return new PolicyStations(await mkdtemp(join(tmpdir(), 'lattice-policy-')));
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** The settings of a station with some of them changed. */
  async configOf(name: string, flags: Record<string, unknown>): Promise<StationConfig> {
    const { values } = await loadStationConfig({
      file: join(this.folder, 'none.yaml'),
      env: {},
      flags: { port: 0, http_port: 0, station_name: name, lattice_name: 'Team', max_parallel: 1, ...flags },
    });
    return values;
  }

  async make(name: string, flags: Record<string, unknown> = {}): Promise<LatticeNode> {
    const projectDir = join(this.folder, `${name}-project`);
    await mkdir(projectDir);
    await writeFile(join(projectDir, 'lattice.yaml'), CONFIG);
    await writeFile(join(projectDir, 'worker.mjs'), PROGRAM);
    const paths = resolvePaths({ LATTICE_HOME: join(this.folder, name) });
    const node = await LatticeNode.create({ paths, config: await this.configOf(name, flags), projectDir });
    this.#nodes.push(node);
    await node.catalog.ready;
    return node;
  }

  /** A host with a rule, and another station on its hub that asks nobody for a key. */
  async lattice(flags: Record<string, unknown>): Promise<{ atlas: LatticeNode; forge: LatticeNode }> {
    const atlas = await this.make('atlas', flags);
    await atlas.host();
    const forge = await this.make('forge');
    await forge.join({ url: atlas.view.value.hub?.url ?? '' });
    await vi.waitFor(() => expect(forge.stations.snapshot()).toHaveLength(2), WAIT);
    return { atlas, forge };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.splice(0).map((node) => node[Symbol.asyncDispose]()));
    await rm(this.folder, { recursive: true });
  }
}

/** Starts a direct call, and gives its id. */
export function start(
  from: LatticeNode,
  to: LatticeNode,
  task: string,
  agent = 'worker',
  context = {},
): string {
  const station = to.view.value.station_id;
  return from.runs.start({ agent, station, task, context, wait: true });
}

/** A direct call when it has ended. */
export async function ended(node: LatticeNode, id: string) {
  await vi.waitFor(() => expect(node.runs.runs.get(id)?.ended_at).toBeDefined(), WAIT);
  return node.runs.runs.get(id);
}

/** What waits for the owner of a station, of one task or of any. */
export function asked(node: LatticeNode, task?: string): Promise<ApprovalView> {
  return vi.waitFor(() => {
    const view = node.approvals.snapshot().find((each) => task === undefined || each.task === task);
    if (!view) throw new Error('Nothing waits.');
    return view;
  }, WAIT);
}

/** Gives durable work to a station, and gives its id. */
export async function give(from: LatticeNode, to: LatticeNode, task: string) {
  const order = { agent: 'worker', task, station: to.view.value.station_id, requested_by: from.actor };
  return (await from.work.dispatcher.assign(order)).id;
}

/** Durable work when it has ended. */
export const recordOf = (node: LatticeNode, id: string) =>
  node.work.dispatcher.await(id, { signal: AbortSignal.timeout(15_000) });

/** What the log says about so many runs at the gate. */
export async function decisions(node: LatticeNode, count: number) {
  return vi.waitFor(async () => {
    const events = (await node.log.query({ limit: 500 })).filter(({ type }) => type.startsWith('agent.run_'));
    expect(events).toHaveLength(count);
    return events.map(({ type, data }) => ({ type, data }));
  }, WAIT);
}
