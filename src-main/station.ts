import { Disposables } from '../src-shared/disposables.ts';
import type { Emitter } from '../src-shared/emitter.ts';
import { LatticeError } from '../src-shared/errors.ts';
import type { LiveSource } from '../src-shared/live.ts';
import { present } from '../src-shared/present.ts';
import type { AgentInfo } from '../src-shared/protocol/agent.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { AgentDefinition, RunControls, Runner, RunOutcome, RunRequest } from './agents/runner.ts';
import { configChanges } from './config/config-changes.ts';
import type { LatticeConfig } from './config/lattice-config.ts';
import { EventLog } from './events/event-log.ts';
import { EventPublisher } from './events/event-publisher.ts';
import { Journal } from './events/journal.ts';
import type { HookRan } from './hooks/hook.ts';
import type { MeshConnection } from './mesh/connection.ts';
import { joinMesh, type Mesh, type MeshObserver } from './mesh/mesh.ts';
import { Problems } from './mesh/problems.ts';
import type { Slots } from './mesh/slots.ts';
import { meshFactsOf } from './mesh-facts.ts';
import type { GateDecision } from './policy/run-gate.ts';
import type { Signing } from './signing/signing.ts';
import { platformFacts } from './system/platform.ts';
import type { UsageService } from './usage/usage-service.ts';
import { UsageShare } from './usage/usage-share.ts';
import { VERSION } from './version.ts';
import { startWork, stationSource, type WorkAccess, type WorkService } from './work/work-service.ts';
import { unlessRefused, workOffProblem } from './work-off.ts';

export interface StationOptions {
  /** Open already. */
  connection: MeshConnection;
  org: string;
  identity: { id: string; name: string };
  hostsHub: boolean;
  /** What this station offers, as the mesh hears it. */
  offered: LiveSource<AgentInfo>;
  /** The definition behind an offered agent. */
  definition(agent: string): AgentDefinition | undefined;
  slots: Slots;
  engine: Runner & { decided?: Emitter<GateDecision> };
  /** What its models cost, which the lattice hears; absent for a station whose costs are none of its business. */
  usage?: UsageService;
  /** The actions of hooks that ran, for the log. */
  hooks?: { ran: { on(listener: (ran: HookRan) => void): Disposable } };
  /** Signs and checks messages where the hub asks for keys. */
  signing?: Signing | undefined;
  /** What lattice.yaml says, live; its changes are told in the log. */
  config?: Pick<LatticeConfig, 'current'>;
}

/** A place on the mesh. Disposing it hands work back and says goodbye. */
export interface Station extends AsyncDisposable {
  readonly mesh: MeshObserver & Pick<Mesh, 'update'>;
  /** Durable work; @throws LatticeError `unsupported` when the hub does not allow it. */
  readonly work: WorkAccess & Pick<WorkService, 'works'>;
  /** Why durable work is off; absent when it is on. */
  readonly workOff?: LatticeError | undefined;
  readonly events: EventLog;
  /** Tells everybody that a station lost its access, and gives what it ran back to the queue. */
  expel(stationId: string): Promise<void>;
}

/** Puts a station on the mesh that answers calls and takes durable work. @throws LatticeError `unsupported`, `not_connected`, `io_failed`. */
export async function startStation(options: StationOptions): Promise<Station> {
  const { connection, org, identity, offered, slots, engine, signing } = options;
  const end = new Disposables();
  const run = (
    name: string,
    request: Omit<RunRequest, 'agent'>,
    controls: RunControls,
  ): Promise<RunOutcome> => {
    const agent = options.definition(name);
    if (!agent) return Promise.resolve({ status: 'failed', error: notOffered(name).toShape() });
    return engine.run({ ...request, agent }, controls);
  };
  let journal: Journal | undefined;
  try {
    const mesh = end.use(
      await joinMesh({
        connection,
        org,
        identity,
        version: VERSION,
        hostsHub: options.hostsHub,
        platform: platformFacts(),
        agents: offered,
        slots,
        signing,
        execute: (name, { invocation_id, task, context }, controls) => {
          journal?.invoked(name, { run_id: invocation_id, task, requested_by: controls.sender.name });
          return run(
            name,
            { workId: invocation_id, attempt: 1, task, context },
            { ...controls, ...directCall },
          );
        },
      }),
    );
    const { nc } = connection;
    const names = namesOf(org);
    const publisher = end.use(new EventPublisher({ nc, names, from: stationSource(org, identity) }));
    const started = await unlessRefused(() =>
      startWork({
        nc,
        org,
        mesh: meshFactsOf(mesh.registry.index),
        station: identity,
        signing,
        slots,
        agents: () => offered.snapshot().map((agent) => agent.name),
        execute: ({ agent, ...request }, controls) => run(agent, request, controls),
        keepEnded: true,
        notify: ({ kind, type, station, data }) =>
          publisher.emit(kind, type, { station_id: station.id, station_name: station.name, ...data }),
        onRefused: ({ station, why }) => mesh.registry.log.refuse('output', station, why),
      }),
    );
    const problems = new Problems(mesh.problems);
    const work = 'on' in started ? end.use(started.on) : undefined;
    const workOff = 'off' in started ? started.off : undefined;
    if (workOff) problems.raise(workOffProblem(workOff));
    end.use(offered.on(() => work?.refresh()));
    if (options.usage !== undefined)
      end.use(new UsageShare({ nc: () => connection.nc, org, usage: options.usage, problems }));
    if (options.hooks !== undefined)
      end.use(options.hooks.ran.on((ran) => publisher.emit('agent', 'hook_ran', hookEvent(identity, ran))));
    if (engine.decided !== undefined)
      end.use(engine.decided.on((told) => publisher.emit('agent', told.type, gateEvent(identity, told))));
    if (options.config !== undefined) end.use(tellChanges(options.config, publisher));
    journal = end.use(new Journal({ publisher, station: identity, version: VERSION, offered }));
    return {
      mesh,
      get work() {
        return work ?? raise(workOff);
      },
      workOff,
      events: new EventLog({
        nc,
        names,
        onRefused: ({ station, why }) => mesh.registry.log.refuse('event', station, why),
      }),
      expel: async (stationId) => {
        mesh.dismiss(stationId, 'its access was taken back');
        await work?.witness.expel(stationId);
      },
      [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
    };
  } catch (error) {
    await end[Symbol.asyncDispose]();
    throw error;
  }
}

/** Tells each change of the files of the configuration in the log. */
function tellChanges({ current }: Pick<LatticeConfig, 'current'>, publisher: EventPublisher): Disposable {
  let told = current.value;
  return current.on(() => {
    const now = current.value;
    for (const change of configChanges(told, now)) publisher.emit('config', 'changed', { ...change });
    if (!now.broken) told = now;
  });
}

function hookEvent(station: { id: string; name: string }, ran: HookRan): Record<string, unknown> {
  const { agent, work, text, ...facts } = ran;
  return {
    station_id: station.id,
    station_name: station.name,
    ...(agent === undefined ? {} : { agent_id: agent, agent_name: agent }),
    ...(work === undefined ? {} : { work_id: work }),
    ...facts,
    text: text.slice(0, 1_000),
  };
}

function gateEvent(station: { id: string; name: string }, told: GateDecision): Record<string, unknown> {
  const { agent, workId, attempt, sender, digest, by, reason } = told;
  return {
    station_id: station.id,
    station_name: station.name,
    agent_id: agent,
    agent_name: agent,
    work_id: workId,
    attempt,
    requested_by: sender.name,
    sender,
    ...present({ digest, answered_in: by, reason: reason?.slice(0, 500) }),
  };
}

function raise(error: unknown): never {
  throw error;
}

function notOffered(agent: string): LatticeError {
  return new LatticeError('not_found', `This station does not offer ${agent}.`);
}

/** Nobody can be asked and nothing handed on while a direct call runs. */
const directCall: Pick<RunControls, 'ask' | 'assign'> = {
  ask: async () => refuse('ask a question'),
  assign: async () => refuse('hand work on'),
};

function refuse(what: string): never {
  throw new LatticeError('unsupported', `A direct call cannot ${what}.`, {
    hint: 'Give it as work instead.',
  });
}
