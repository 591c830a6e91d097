import { join } from 'node:path';
import { Disposables } from '../src-shared/disposables.ts';
import { InTurn } from '../src-shared/in-turn.ts';
import { LiveValue } from '../src-shared/live.ts';
import type { NatsAuth, NatsTls } from '../src-shared/protocol/auth.ts';
import type { RoutingDocument } from '../src-shared/routing/document.ts';
import type { Mode, NodeView } from '../src-shared/views/node.ts';
import type { Access } from './access/access.ts';
import type { Membership } from './access/membership.ts';
import type { Catalog } from './agents/catalog.ts';
import type { LatticeConfig } from './config/lattice-config.ts';
import type { Paths } from './config/paths.ts';
import type { StationConfig } from './config/setting-table.ts';
import type { EventLog } from './events/event-log.ts';
import type { Guests } from './guests/guests.ts';
import { HostedHub } from './hosted-hub.ts';
import type { HostingParts, HostingPlan } from './hosting.ts';
import { hostingPlan, loadHosting, privatePlan, withPorts } from './hosting.ts';
import { inWordsOfJoining, type JoinHooks, Joining } from './joining.ts';
import { MeshConnection } from './mesh/connection.ts';
import { requireDomain } from './mesh/domain.ts';
import { RunHistory } from './mesh/run-history.ts';
import { Slots } from './mesh/slots.ts';
import { type Place, takePlace } from './mesh-place.ts';
import { leaveAuth } from './node-auth.ts';
import { hubElsewhere, noLattice } from './node-errors.ts';
import type { HostChange, JoinTarget, NodeOptions } from './node-options.ts';
import { NodeStreams } from './node-streams.ts';
import { nodeFileOf, renderNode } from './node-view.ts';
import { type OwnLink, OwnPlace } from './own-place.ts';
import type { Station } from './station.ts';
import { openProject, partsOf, type StationProject } from './station-project.ts';

/** One running station and, when it hosts, its hub. Every way in or out of a lattice goes one at a time. */
export class LatticeNode extends NodeStreams implements AsyncDisposable {
  readonly view: LiveValue<NodeView>;
  readonly runs: RunHistory;

  readonly #options: NodeOptions;
  readonly #slots: Slots;
  #config: StationConfig;
  #project: StationProject;
  #mode: Mode = 'idle';
  #host: HostedHub | undefined;
  #link: Pick<OwnLink, 'connection' | 'address'> | undefined;
  #station: Place | undefined;
  #attached = new Disposables();
  /** What stands on the connection: it goes first, and comes again when only the connection changes. */
  #joined = new Disposables();
  #membership: Membership | undefined;
  readonly #turn = new InTurn();
  #again: () => Promise<void> = async () => undefined;

  /** Takes the station's folder and loads who it is and what it offers; nothing is on the network yet. */
  static async create(options: NodeOptions): Promise<LatticeNode> {
    return new LatticeNode(options, await openProject(options));
  }

  private constructor(options: NodeOptions, project: StationProject) {
    super();
    this.#options = options;
    this.#config = options.config;
    this.#project = project;
    this.#slots = new Slots({
      maxParallel: options.config.max_parallel,
      agentLimit: (agent) => this.catalog.definition(agent)?.info.max_parallel,
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

  /** What routing of the project goes by now. */
  get routing(): RoutingDocument {
    return this.#project.agents.document();
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
      const parts = await loadHosting(dataDir, this.#project.home.dir, this.#options.secrets);
      const wanted = { ...parts, shared: parts.shared || change.shared === true };
      const plan = withPorts(hostingPlan(this.#config, wanted, dataDir), change);
      await this.#begin('orchestrator', plan, join(dataDir, 'hub'), parts);
    });
  }

  /** Runs the agents of this machine on a private hub that only this machine reaches. */
  standalone(): Promise<void> {
    return this.#enter(async () => {
      await this.#begin(
        'standalone',
        privatePlan(this.#project.home.dir),
        join(this.#project.home.dir, 'hub'),
      );
    });
  }

  /** Joins the hub of somebody else. @throws LatticeError `auth_failed`, `not_connected`, `unsafe`. */
  join(target: JoinTarget): Promise<void> {
    return this.#enter(async () => {
      this.#mode = 'member';
      await this.#connect({ ...target, auth: target.auth ?? {}, tls: target.tls ?? {} });
    });
  }

  /** Lets this station into the lattice of a link, and joins it. @throws LatticeError as `Joining.enter` and `join` do. */
  async joinLink(link: string, hooks: JoinHooks = {}): Promise<void> {
    await this.#enter(async () => {
      await this.joining.enter(link, this.#config.station_name, hooks);
      await this.#rejoin();
    });
    this.#again = () => this.rejoin();
  }

  /** Joins the lattice again that let this station in. @throws LatticeError `not_found` when there is none. */
  rejoin(): Promise<void> {
    return this.#enter(() => this.#rejoin());
  }

  /** Who may be on the lattice that is hosted here. @throws LatticeError `unsupported`. */
  get access(): Access {
    return this.#hosted().access;
  }

  /** The access of this machine itself. */
  readonly place = new OwnPlace({
    joining: () => this.joining,
    now: () => this.#link && { ...this.#link, membership: this.#membership, host: this.#host },
    inTurn: (action) => this.#turn.run(action),
    anew: (change) => this.#anew(change),
  });

  /** The lattices of others that the hub here carries; absent without a hub that could. */
  get guests(): Guests | undefined {
    return this.#host?.guests;
  }

  /** Says goodbye, stops a hub that runs here, and is alone again. */
  leave(): Promise<void> {
    this.#again = async () => undefined;
    return this.#turn.run(() => this.#end());
  }

  /** Offers the agents of another folder from now on, on the same lattice as before. */
  async moveTo(projectDir: string): Promise<void> {
    await this.#turn.run(async () => {
      await this.#end();
      const next = await openProject({ ...this.#options, config: this.#config, projectDir });
      await this.#project[Symbol.asyncDispose]();
      this.#project = next;
      this.#watch(next);
    });
    await this.#again();
  }

  /** Tries again after a connection that gave up. */
  reconnect(): Promise<void> {
    return this.#host === undefined ? this.#again() : this.controlHub('start');
  }

  /** Starts, stops or restarts the hub that runs here. @throws LatticeError `unsupported` when none does. */
  controlHub(action: 'start' | 'stop' | 'restart'): Promise<void> {
    return this.#turn.run(() => this.#hosted().hub[action]());
  }

  /**
   * Opens the hub to the network with TLS and keys, or closes it to loopback again; returns addresses without secrets.
   * Our own station comes back over the new connection, so calls that it runs are stopped and work is handed back.
   */
  share(shared: boolean): Promise<string[]> {
    return this.#turn.run(async () => {
      const host = this.#hosted();
      if (host.hub.view.value.shared === shared) return host.addresses();
      host.requireRunning();
      return this.#anew(() => host.share(this.#config, this.#options.paths.dataDir, shared));
    });
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
    this.#project.configure(config);
    this.#show();
  }

  /** Durable work on the lattice. @throws LatticeError `not_connected`. */
  get work(): Station['work'] {
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
    this.showProject(project);
  }

  /** A way in: leaves what was before, and can be gone again after a change of project. */
  #enter(way: () => Promise<void>): Promise<void> {
    const enter = () =>
      this.#turn.run(async () => {
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

  async #begin(mode: Mode, plan: HostingPlan, runtimeDir: string, parts?: HostingParts): Promise<void> {
    const host = this.#attached.use(
      new HostedHub({
        plan,
        parts,
        runtimeDir,
        logFile: this.#logFileOf(mode),
        ownStation: this.#project.identity.id,
        resourcesDir: this.#options.resourcesDir,
        org: this.#config.org,
        latticeName: () => this.#config.lattice_name,
        stationName: () => this.#config.station_name,
        station: () => this.#station,
      }),
    );
    await host.hub.start();
    this.#host = host;
    this.#mode = mode;
    for (const source of [host.hub.view, host.problems]) this.#attached.use(source.on(() => this.#show()));
    this.showHub(host.hub, host.waiting);
    await this.#connect(host.reach);
  }

  async #connect(address: JoinTarget & { auth: NatsAuth; tls: NatsTls }): Promise<void> {
    const { identity, home } = this.#project;
    this.#membership = address.membership;
    const connection = this.#joined.use(new MeshConnection({ ...address, kind: 'station', id: identity.id }));
    this.#link = { connection, address };
    this.#joined.use(connection.view.on(() => this.#show()));
    this.#joined.use(this.place.follow(connection));
    await connection.open();
    await requireDomain(connection, address.domain);
    if (address.membership) this.#membership = await this.joining.refresh(connection, address.membership);
    const station = await takePlace({
      connection,
      org: this.#membership?.org ?? this.#config.org,
      identity: { id: identity.id, name: this.#config.station_name },
      role: this.#membership?.role,
      ...this.#host?.asked,
      hostKey: this.#membership?.host_key,
      hostsHub: this.#host !== undefined,
      slots: this.#slots,
      ...partsOf(this.#project, this.#host),
    });
    this.#station = this.#joined.use(station);
    this.#joined.use(station.mesh.problems.on(() => this.#show()));
    this.showStation(station);
    const known = await leaveAuth(home.dir, address, this.#joined);
    await home.publish(nodeFileOf(this.#render(), { ...address, ...known }));
    this.#show();
  }

  async #end(): Promise<void> {
    const attached = this.#attached;
    this.#attached = new Disposables();
    try {
      await this.#detach();
    } finally {
      this.showHub(undefined);
      await attached[Symbol.asyncDispose]();
      this.#membership = undefined;
      this.#host = undefined;
      this.#mode = 'idle';
      this.#show();
    }
  }

  /** Takes the station off the mesh; a hub that runs here stays. */
  async #detach(): Promise<void> {
    await this.#project.home.unpublish();
    await this.runs.cancelAll('The station leaves the lattice.');
    this.showStation(undefined);
    const joined = this.#joined;
    this.#joined = new Disposables();
    this.#station = undefined;
    this.#link = undefined;
    await joined[Symbol.asyncDispose]();
  }

  /** Changes something while our station is off the mesh; it comes back over a new connection. */
  async #anew<T>(change: () => Promise<T>): Promise<T> {
    const host = this.#host;
    await this.#detach();
    try {
      return await change();
    } finally {
      await (host ? this.#connect(host.reach) : this.#rejoin());
    }
  }

  async #rejoin(): Promise<void> {
    this.#mode = 'member';
    await this.#connect(await this.joining.target()).catch((error: unknown) => {
      throw inWordsOfJoining(error);
    });
  }

  /** How this station gets into a lattice by a link. */
  get joining(): Joining {
    const { home, identity } = this.#project;
    return new Joining({ dir: home.dir, stationId: identity.id, secrets: this.#options.secrets });
  }

  #connected(): Station {
    if (this.#station) return this.#station;
    throw noLattice();
  }

  #hosted(): HostedHub {
    if (this.#host) return this.#host;
    throw hubElsewhere();
  }

  #logFileOf(mode: Mode): string {
    return join(mode === 'standalone' ? this.#project.home.dir : this.#options.paths.logDir, 'hub.log');
  }

  #show(): void {
    this.view.set(this.#render());
  }

  #render(): NodeView {
    return renderNode({
      mode: this.#mode,
      config: this.#config,
      membership: this.#membership,
      project: this.#project,
      connection: this.#link?.connection.view.value,
      host: this.#host,
      mesh: this.#station?.mesh,
    });
  }
}
