import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../src-shared/protocol/roles.ts';
import type { RunView } from '../../src-shared/views/run.ts';
import { resolvePaths } from '../config/paths.ts';
import { loadStationConfig } from '../config/station-config.ts';
import { initProject } from '../config/template.ts';
import { LatticeNode } from '../lattice-node.ts';

/** Nodes of one test that share a lattice by links, with everything they leave in one folder. */
export class Team implements AsyncDisposable {
  readonly folder: string;
  readonly #nodes: LatticeNode[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Team> {
    return new Team(await mkdtemp(join(tmpdir(), 'lattice-team-')));
  }

  /** A node on no lattice yet, with the demo agents. */
  async node(name: string): Promise<LatticeNode> {
    const paths = resolvePaths({ LATTICE_HOME: join(this.folder, name) });
    const { values } = await loadStationConfig({
      file: paths.configFile,
      env: {},
      flags: { port: 0, http_port: 0, station_name: name, lattice_name: `Lattice of ${name}` },
    });
    const projectDir = join(this.folder, `${name}-project`);
    await initProject(projectDir);
    const node = await LatticeNode.create({ paths, config: values, projectDir });
    this.#nodes.push(node);
    await node.catalog.ready;
    return node;
  }

  async host(name: string): Promise<LatticeNode> {
    const host = await this.node(name);
    await host.host({ shared: true });
    return host;
  }

  async member(host: LatticeNode, name: string, role: Role = 'station'): Promise<LatticeNode> {
    const node = await this.node(name);
    await node.joinLink(await host.access.invite({ role }));
    return node;
  }

  /** One short direct call of an agent on a station, once it has ended. */
  async run(from: LatticeNode, on: LatticeNode): Promise<RunView | undefined> {
    const station = on.view.value.station_id;
    const context = { to: 2, delay_ms: 1 };
    const id = from.runs.start({ agent: 'counter', station, task: 'go', context, wait: true });
    return new Promise((resolve) => {
      const look = () => {
        const run = from.runs.runs.get(id);
        if (run?.ended_at === undefined) return;
        watching[Symbol.dispose]();
        resolve(run);
      };
      const watching = from.runs.runs.on(look);
      look();
    });
  }

  /** What the host keeps of its devices. */
  async roster(host: LatticeNode): Promise<{ devices: { former_keys: unknown }[] }> {
    return JSON.parse(await readFile(join(host.paths.dataDir, 'access.json'), 'utf8'));
  }

  /** What the hub wrote about things it did not allow. */
  violations(host: LatticeNode): string[] {
    const lines = host.hubLog.snapshot().map((line) => line.text);
    return lines.filter((text) => /violation/i.test(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node[Symbol.asyncDispose]()));
    await rm(this.folder, { recursive: true });
  }
}
