import { join } from 'node:path';
import { Disposables } from '../src-shared/disposables.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { streams } from '../src-shared/ipc.ts';
import { LiveSwitch, LiveValue } from '../src-shared/live.ts';
import type { NatsAuth, NatsTls } from '../src-shared/protocol/auth.ts';
import type { HubLogLine, HubMetrics } from '../src-shared/views/hub.ts';
import type { AgentView, MeshEvent, StationView } from '../src-shared/views/mesh.ts';
import type { Mode, NodeView } from '../src-shared/views/node.ts';
import type { WorkView } from '../src-shared/views/work.ts';
import type { Catalog } from './agents/catalog.ts';
import type { AgentDefinition } from './agents/runner.ts';
import type { LatticeConfig } from './config/lattice-config.ts';
import type { Paths } from './config/paths.ts';
import type { StationConfig } from './config/setting-table.ts';
import type { EventLog } from './events/event-log.ts';
import type { Notify } from './hooks/hook.ts';
import { HostedHub } from './hosted-hub.ts';
import { type HostingPlan, hostingPlan, loadShare, privatePlan } from './hosting.ts';
import { MeshConnection } from './mesh/connection.ts';
import { RunHistory } from './mesh/run-history.ts';
import { Slots } from './mesh/slots.ts';
import { renderNode } from './node-view.ts';
import { type Station, startStation } from './station.ts';
import { openProject, type StationProject } from './station-project.ts';
import type { WorkService } from './work/work-service.ts';

export interface NodeOptions {
  paths: Paths;
  config: StationConfig;
  /** The folder with lattice.yaml whose agents this station offers. */
  projectDir: string;
  /** Where a packaged app keeps its nats-server. */
  resourcesDir?: string | undefined;
  /** How hooks of lattice.yaml reach a person; nobody hears them without. */
  notify?: Notify;
}

interface HostChange {
  port?: number | undefined;
  http_port?: number | undefined;
}

interface JoinTarget {
  url: string;
  auth?: NatsAuth | undefined;
  tls?: NatsTls | undefined;
  /** Keeps trying while nothing answers yet. */
  waitForHub?: boolean;
}

/** One running station and, when it hosts, its hub. Every way in or out of a lattice goes one at a time. */
export class LatticeNode implements AsyncDisposable {
  readonly view: LiveValue<NodeView>;
  readonly stations = new LiveSwitch<StationView>(streams['stations.watch'].key);
  readonly agents = new LiveSwitch<AgentView>(streams['agents.watch'].key);
  readonly events = new LiveSwitch<MeshEvent>(streams['events.watch'].key);
  readonly works = new LiveSwitch<WorkView>(streams['works.watch'].key);
  readonly hubLog = new LiveSwitch<HubLogLine>(streams['hub.log'].key);
  readonly hubMetrics = new LiveSwitch<HubMetrics>(streams['hub.metrics'].key);
  readonly runs: RunHistory;

  readonly #options: NodeOptions;
  readonly #slots: Slots;
  #config: StationConfig;
  #project: StationProject;
  #mode: Mode = 'idle';
  #host: HostedHub | undefined;
  #connection: MeshConnection | undefined;
  #station: Station | undefined;
  #attached = new Disposables();
  #turn: Promise<unknown> = Promise.resolve();
  #again: () => Promise<void> = async () => undefined;

  /** Takes the station's folder and loads who it is and what it offers; nothing is on the network yet. */
  static async create(options: NodeOptions): Promise<LatticeNode> {
    return new LatticeNode(options, await openProject(options));
  }

  private constructor(options: NodeOptions, project: StationProject) {
    this.#options = options;
    this.#config = options.config;
    this.#project = project;
    this.#slots = new Slots({
      maxParallel: options.config.max_parallel,
      agentLimit: (agent) => this.#definition(agent)?.info.max_parallel,
    });
    this.runs = new RunHistory({ invoke: async (call) => this.#connected().mesh.invoker.invoke(call) });
    this.view = new LiveValue(this.#render());
    this.#watch(project);
  }

  get paths(): Paths {
    return this.#options.paths;
  }

  get catalog(): Catalog {
    return this.#project.catalog;
  }

  /** What lattice.yaml of the project says, live; another one after {@link moveTo}. */
  get config(): LatticeConfig {
    return this.#project.config;
  }

  /** The log of the hub that runs here. */
  get hubLogFile(): string {
    return this.#logFileOf(this.#mode);
  }

  get projectDir(): string {
    return this.#project.dir;
  }

  get running(): number {
    return this.#slots.running + this.runs.runningElsewhere(this.#project.identity.id);
  }

  /** Starts or adopts the hub of this user and joins it as its first station. @throws LatticeError such as `port_taken`. */
  host(change: HostChange = {}): Promise<void> {
    return this.#enter(async () => {
      const { dataDir } = this.#options.paths;
      const plan = hostingPlan(this.#config, await loadShare(dataDir), dataDir);
      const hub = {
        ...plan.hub,
        port: change.port ?? plan.hub.port,
        httpPort: change.http_port ?? plan.hub.httpPort,
      };
      await this.#begin('orchestrator', { ...plan, hub }, join(dataDir, 'hub'));
    });
  }

  /** Runs the agents of this machine on a private hub that only this machine reaches. */
  standalone(): Promise<void> {
    return this.#enter(async () => {
      const plan = privatePlan(await loadShare(this.#options.paths.dataDir), this.#project.home.dir);
      await this.#begin('standalone', plan, join(this.#project.home.dir, 'hub'));
    });
  }

  /** Joins the hub of somebody else. @throws LatticeError `auth_failed`, `not_connected`, `unsafe`. */
  join(target: JoinTarget): Promise<void> {
    return this.#enter(async () => {
      this.#mode = 'member';
      await this.#connect({ ...target, auth: target.auth ?? {}, tls: target.tls ?? {} });
    });
  }

  /** Says goodbye, stops a hub that runs here, and is alone again. */
  leave(): Promise<void> {
    this.#again = async () => undefined;
    return this.#inTurn(() => this.#end());
  }

  /** Offers the agents of another folder from now on, on the same lattice as before. */
  async moveTo(projectDir: string): Promise<void> {
    await this.#inTurn(async () => {
      await this.#end();
      const next = await openProject({
        ...this.#options,
        config: this.#config,
        projectDir,
      });
      await this.#project[Symbol.asyncDispose]();
      this.#project = next;
      this.#watch(next);
    });
    await this.#again();
  }

  /** Tries again after a connection that gave up. */
  reconnect(): Promise<void> {
    return this.#host === undefined ? this.#again() : this.startHub();
  }

  startHub(): Promise<void> {
    return this.#inTurn(() => this.#hosted().hub.start());
  }

  stopHub(): Promise<void> {
    return this.#inTurn(() => this.#hosted().hub.stop());
  }

  restartHub(): Promise<void> {
    return this.#inTurn(() => this.#hosted().hub.restart());
  }

  /** Opens the hub to the network with a token, or closes it to loopback again; returns addresses without secrets. */
  share(shared: boolean): Promise<string[]> {
    return this.#inTurn(() => this.#hosted().share(this.#config, this.#options.paths.dataDir, shared));
  }

  /** A join address with its secret, for the clipboard. @throws LatticeError `invalid_input` for an address that is not ours. */
  joinSecret(address: string): string {
    return this.#hosted().withSecret(address);
  }

  /** Takes changed settings; the name and the limit count at once, ports with the next start of the hub. */
  configure(config: StationConfig): void {
    this.#config = config;
    this.#slots.resize(config.max_parallel);
    void this.#station?.mesh.update({ stationName: config.station_name });
    this.#show();
  }

  /** Durable work on the lattice. @throws LatticeError `not_connected`. */
  get work(): WorkService {
    return this.#connected().work;
  }

  /** The audit log of the lattice. @throws LatticeError `not_connected`. */
  get log(): EventLog {
    return this.#connected().events;
  }

  /** Who this station is, for the record of what its people do. */
  get actor(): string {
    return this.#config.station_name;
  }

  /** Whom a call of this agent would reach now, with the reason for each candidate. */
  route(query: { agent: string; station?: string | undefined }) {
    return this.#connected().mesh.invoker.route(query).candidates;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    await this.#project[Symbol.asyncDispose]();
  }

  #watch(project: StationProject): void {
    for (const source of [project.catalog.problems, project.catalog.definitions])
      source.on(() => this.#show());
  }

  /** A way in: leaves what was before, and can be gone again after a change of project. */
  #enter(way: () => Promise<void>): Promise<void> {
    const enter = () =>
      this.#inTurn(async () => {
        await this.#end();
        try {
          await way();
        } catch (error) {
          await this.#end();
          throw error;
        }
      });
    this.#again = enter;
    return enter();
  }

  async #begin(mode: Mode, plan: HostingPlan, runtimeDir: string): Promise<void> {
    const host = this.#attached.use(
      new HostedHub({
        plan,
        runtimeDir,
        logFile: this.#logFileOf(mode),
        ownStation: this.#project.identity.id,
        resourcesDir: this.#options.resourcesDir,
      }),
    );
    await host.hub.start();
    this.#host = host;
    this.#mode = mode;
    this.#attached.use(host.hub.view.on(() => this.#show()));
    this.hubLog.attach(host.hub.log);
    this.hubMetrics.attach(host.hub.metrics);
    await this.#connect(host.access);
  }

  async #connect(address: JoinTarget & { auth: NatsAuth; tls: NatsTls }): Promise<void> {
    const { identity, home, dir } = this.#project;
    const connection = this.#attached.use(
      new MeshConnection({ ...address, kind: 'station', id: identity.id }),
    );
    this.#connection = connection;
    this.#attached.use(connection.view.on(() => this.#show()));
    await connection.open();
    const station = await startStation({
      connection,
      org: this.#config.org,
      identity: { id: identity.id, name: this.#config.station_name },
      hostsHub: this.#host !== undefined,
      offered: this.#project.offered,
      definition: (agent) => this.#definition(agent),
      slots: this.#slots,
      engine: this.#project.agents.engine,
      hooks: this.#project.agents.hooks,
      config: this.#project.config,
    });
    this.#station = this.#attached.use(station);
    const { mesh, work } = station;
    this.#attached.use(mesh.problems.on(() => this.#show()));
    this.works.attach(work.works.live);
    this.stations.attach(mesh.registry.stations);
    this.agents.attach(mesh.registry.agents);
    this.events.attach(mesh.registry.events);
    await home.publish({
      url: address.url,
      org: this.#config.org,
      mode: this.#mode === 'idle' ? 'member' : this.#mode,
      station_id: identity.id,
      station_name: this.#config.station_name,
      project_dir: dir,
      started_at: new Date().toISOString(),
      auth: address.auth,
      tls: address.tls,
    });
    this.#show();
  }

  async #end(): Promise<void> {
    await this.#project.home.unpublish();
    await this.runs.cancelAll('The station leaves the lattice.');
    for (const source of [this.stations, this.agents, this.events, this.works, this.hubLog, this.hubMetrics])
      source.attach(undefined);
    const attached = this.#attached;
    this.#attached = new Disposables();
    this.#station = undefined;
    this.#connection = undefined;
    try {
      await attached[Symbol.asyncDispose]();
    } finally {
      this.#host = undefined;
      this.#mode = 'idle';
      this.#show();
    }
  }

  /** Two ways in at once would leave half of each, so one waits for the other. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(action, action);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #connected(): Station {
    if (this.#station) return this.#station;
    throw new LatticeError('not_connected', 'This machine is not part of a lattice.', {
      hint: 'Host a lattice, join one, or use just this machine.',
    });
  }

  #hosted(): HostedHub {
    if (this.#host) return this.#host;
    throw new LatticeError('unsupported', 'The hub of this lattice runs on another machine.', {
      hint: 'Start, stop and share it there.',
    });
  }

  #definition(agent: string): AgentDefinition | undefined {
    return this.#project.catalog.definitions.value.find((definition) => definition.info.name === agent);
  }

  #logFileOf(mode: Mode): string {
    const { home } = this.#project;
    return mode === 'standalone' ? join(home.dir, 'hub.log') : join(this.#options.paths.logDir, 'hub.log');
  }

  #show(): void {
    this.view.set(this.#render());
  }

  #render(): NodeView {
    const { catalog, identity, dir } = this.#project;
    return renderNode({
      mode: this.#mode,
      config: this.#config,
      projectDir: dir,
      person: this.actor,
      stationId: identity.id,
      connection: this.#connection?.view.value,
      hub: this.#host?.hub.view.value,
      problems: [...catalog.problems.value, ...(this.#station?.mesh.problems.snapshot() ?? [])],
    });
  }
}
