import type { NatsConnection } from '@nats-io/nats-core';
import { Disposables } from '../../src-shared/disposables.ts';
import { stationSourceName } from '../../src-shared/protocol/event.ts';
import { type LatticeNames, namesOf } from '../../src-shared/protocol/subjects.ts';
import type { StationSource } from '../../src-shared/protocol/work-change.ts';
import type { WorkHistoryEntry } from '../../src-shared/views/work-timeline.ts';
import type { Signing } from '../signing/signing.ts';
import type { Execute } from './attempt-run.ts';
import { cleanUpLanes, type IdleLane } from './cleanup.ts';
import { Dispatcher } from './dispatcher.ts';
import { WorkLog } from './log.ts';
import type { MeshFacts } from './placement.ts';
import { WorkQueue } from './queue.ts';
import { Results } from './results.ts';
import type { SaidRefusal } from './speakers.ts';
import { SingleStates, type WorkStates } from './states.ts';
import { ensureStores, type StoreDifference, type StoreLimits } from './streams.ts';
import { Witness, type WitnessNotice, type WitnessTimes } from './witness.ts';
import { type StoryPart, workStory } from './work-story.ts';
import { Worker, type WorkerTimes, type WorkSlots } from './worker.ts';
import { Works } from './works.ts';

export interface WorkAccessOptions {
  nc: NatsConnection;
  org: string;
  mesh: MeshFacts;
  /** The station that speaks; absent for a command that only gives work and watches. */
  station?: { id: string; name: string };
  /** Signs and checks messages where the hub asks for keys. */
  signing?: Signing | undefined;
  limits?: Partial<StoreLimits>;
  /** Called for each message that was left out because who said it may not, wherever it was heard. */
  onRefused?(refusal: SaidRefusal): void;
}

/** Durable work as any process on the lattice can use it: give work, act on it, watch it. */
export interface WorkAccess {
  readonly dispatcher: Dispatcher;
  readonly differences: readonly StoreDifference[];
  /** Opens a board of all works; the caller disposes it. */
  openBoard(keepEnded: boolean): Promise<Works>;
  /** The story of a work from its first byte to its outcome. */
  story(
    workId: string,
    options?: { signal?: AbortSignal; onRefused?: (refusal: SaidRefusal) => void },
  ): AsyncGenerator<StoryPart>;
  /** Every change of a work, in order. */
  history(workId: string): Promise<WorkHistoryEntry[]>;
  /** Removes the queue readers of stations and agents that are gone; with `dryRun` only says which. */
  cleanUp(dryRun: boolean): Promise<IdleLane[]>;
}

interface Parts extends WorkAccess {
  log: WorkLog;
  queue: WorkQueue;
  results: Results;
  names: LatticeNames;
  dispatcherWith(states: WorkStates): Dispatcher;
}

/** Opens durable work without a worker. @throws LatticeError `unsupported`, `io_failed`. */
export async function openWork(options: WorkAccessOptions): Promise<WorkAccess> {
  return openParts(options);
}

async function openParts(options: WorkAccessOptions): Promise<Parts> {
  const { nc, org, mesh, station, limits, signing } = options;
  const names = namesOf(org);
  const refused = (refusal: SaidRefusal) => options.onRefused?.(refusal);
  const differences = await ensureStores({ nc, names, ...(limits ? { limits } : {}) });
  const log = new WorkLog({
    nc,
    names,
    from: station ? stationSource(org, station) : { source: `lattice/${org}/command` },
    signing,
  });
  const queue = new WorkQueue({ nc, names, signing });
  const results = new Results({ nc, names });
  const dispatcherWith = (states: WorkStates) => new Dispatcher({ log, states, queue, results, mesh });
  return {
    names,
    log,
    queue,
    results,
    dispatcherWith,
    dispatcher: dispatcherWith(new SingleStates({ nc, names, signing })),
    differences,
    openBoard: (keepEnded) =>
      Works.open({
        nc,
        names,
        keepEnded,
        signing,
        recall: (id) => log.recall(id),
        read: (id) => log.read(id),
        onRefused: refused,
      }),
    story: (workId, more = {}) => workStory({ nc, names, workId, signing, onRefused: refused, ...more }),
    history: (workId) => log.history(workId),
    cleanUp: (dryRun) => cleanUpLanes({ nc, names, mesh, dryRun }),
  };
}

/** A station that speaks, as the source of a CloudEvent. */
export function stationSource(org: string, station: { id: string; name: string }): StationSource {
  return { source: stationSourceName(org, station.id), station_id: station.id, station_name: station.name };
}

export interface WorkServiceOptions extends Omit<WorkAccessOptions, 'station'> {
  station: { id: string; name: string };
  slots: WorkSlots;
  /** The agents this station offers now; call `refresh` when they change. */
  agents(): readonly string[];
  execute: Execute;
  /** Whether ended works stay on the board; false for a station without a window. */
  keepEnded: boolean;
  /** What the witness says about stations and quiet agents, for the event log. */
  notify(notice: WitnessNotice): void;
  workerTimes?: Partial<WorkerTimes>;
  witnessTimes?: Partial<WitnessTimes>;
}

/** Durable work on a station: what a command can do, and a board, a worker and a candidate for the witness. */
export interface WorkService extends WorkAccess, AsyncDisposable {
  readonly works: Works;
  readonly worker: Worker;
  readonly witness: Witness;
  /** Looks again at which agents the station offers. */
  refresh(): void;
}

/** Starts durable work on a station: resumes what is its own, then takes from the queue. @throws LatticeError. */
export async function startWork(options: WorkServiceOptions): Promise<WorkService> {
  const { nc, mesh, station, slots, agents, execute, notify, signing } = options;
  const parts = await openParts(options);
  const { names, log, queue, results } = parts;
  const disposables = new Disposables();
  try {
    const works = disposables.use(await parts.openBoard(options.keepEnded));
    const dispatcher = parts.dispatcherWith(works);
    const witness = disposables.use(
      new Witness({
        nc,
        names,
        station,
        works: works.live,
        log,
        queue,
        mesh,
        notify,
        ...(options.witnessTimes ? { times: options.witnessTimes } : {}),
      }),
    );
    const worker = disposables.use(
      new Worker({
        nc,
        names,
        station,
        log,
        states: works,
        proven: (workId) => works.proven(workId),
        queue,
        dispatcher,
        results,
        signing,
        mesh,
        slots,
        agents,
        execute,
        ...(options.workerTimes ? { times: options.workerTimes } : {}),
      }),
    );
    const own = [...works.live.values()].filter((view) => view.station_id === station.id && !view.ended_at);
    await worker.start(own.map((view) => view.id));
    return {
      ...parts,
      dispatcher,
      works,
      worker,
      witness,
      refresh: () => worker.refresh(),
      [Symbol.asyncDispose]: () => disposables[Symbol.asyncDispose](),
    };
  } catch (error) {
    await disposables[Symbol.asyncDispose]();
    throw error;
  }
}
