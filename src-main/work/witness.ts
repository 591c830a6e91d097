import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { LiveMap } from '../../src-shared/live.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { newId } from './ids.ts';
import { Lease } from './lease.ts';
import type { WorkLog } from './log.ts';
import type { MeshFacts, StationFact } from './placement.ts';
import { type Lane, laneFor, parseAssignment, type WorkQueue } from './queue.ts';
import { isSuspect, type VerdictTimes, verdictOf } from './verdict.ts';
import { within } from './within.ts';

/** When the witness looks and judges; milliseconds. */
export interface WitnessTimes extends VerdictTimes {
  lookMs: number;
  renewMs: number;
  expireMs: number;
  /** A running attempt that says nothing for this long is reported. */
  quietMs: number;
}

const DEFAULT_WITNESS_TIMES: WitnessTimes = {
  lookMs: 30_000,
  renewMs: 10_000,
  expireMs: 30_000,
  graceMs: 60_000,
  raiseAfterMs: 4 * 3_600_000,
  quietMs: 300_000,
};

/** A lane with more messages than this is a backlog, not a loss; it is looked at when it is shorter. */
const MAX_LANE = 2_000;
const STOP_MS = 1_000;

/** What the witness says beside the log of works: a station is gone, or a running attempt says nothing. */
export interface WitnessNotice {
  kind: 'station' | 'agent';
  type: 'offline' | 'quiet';
  station: { id: string; name: string };
  data: Record<string, unknown> & { signals: string[] };
}

export interface WitnessOptions {
  nc: NatsConnection;
  names: LatticeNames;
  station: { id: string; name: string };
  works: LiveMap<WorkView>;
  log: WorkLog;
  queue: WorkQueue;
  mesh: MeshFacts;
  notify(notice: WitnessNotice): void;
  times?: Partial<WitnessTimes>;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** One elected node that looks at facts only and judges what the workers cannot: lost, stuck, expired, unplaceable. */
export class Witness implements AsyncDisposable {
  readonly #options: WitnessOptions;
  readonly #times: WitnessTimes;
  readonly #now: () => number;
  readonly #lease: Lease;
  readonly #timer: NodeJS.Timeout;
  readonly #statuses = new Map<string, StationFact['status']>();
  readonly #quiet = new Set<string>();
  #jsm: Promise<JetStreamManager> | undefined;
  #looking: Promise<number> | undefined;

  constructor(options: WitnessOptions) {
    this.#options = options;
    this.#times = { ...DEFAULT_WITNESS_TIMES, ...options.times };
    this.#now = options.now ?? Date.now;
    this.#lease = new Lease({
      nc: options.nc,
      bucket: options.names.leasesBucket,
      key: 'witness',
      holder: `${options.station.id}.${newId()}`,
      renewMs: this.#times.renewMs,
      expireMs: this.#times.expireMs,
    });
    this.#timer = setInterval(() => {
      if (this.#lease.isHeld) void this.look().catch(() => undefined);
    }, this.#times.lookMs);
  }

  /** Whether this node is the one that judges now. */
  get isElected(): boolean {
    return this.#lease.isHeld;
  }

  /** Looks once at everything, whoever is elected; resolves with how many verdicts it gave. */
  look(): Promise<number> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Judges what a station runs as if it had been gone for long; resolves with how many works went back. */
  async expel(stationId: string): Promise<number> {
    const { works, mesh, log, queue, station } = this.#options;
    const without: MeshFacts = {
      stations: () =>
        mesh.stations().map((one) => (one.id === stationId ? { ...one, status: 'offline' as const } : one)),
      offering: (agent) => mesh.offering(agent),
      agentsWith: (capability) => mesh.agentsWith(capability),
    };
    const times = { ...this.#times, graceMs: 0 };
    let back = 0;
    for (const { id } of [...works.values()].filter((one) => one.station_id === stationId && !one.ended_at)) {
      const by = `witness on ${station.name}`.slice(0, 200);
      const appended = await log.append(id, by, (record) =>
        record?.station_id === stationId
          ? verdictOf(record, without, times, this.#now(), undefined)
          : undefined,
      );
      if (appended.kind !== 'appended') continue;
      if (appended.event.change.type === 'requeued') await queue.enqueue(appended.entry);
      back++;
    }
    return back;
  }

  async #look(): Promise<number> {
    const { works, mesh, log } = this.#options;
    this.#lookAtStations();
    const now = this.#now();
    const suspects = [...works.values()].filter((view) => isSuspect(view, mesh, this.#times, now));
    const lanes = new Map<string, Promise<ReadonlySet<string> | undefined>>();
    let verdicts = 0;
    for (const { id } of suspects) {
      const entry = await log.read(id);
      if (entry && (await this.#judge(entry.record, lanes))) verdicts++;
    }
    await this.#lookForQuiet(now);
    return verdicts;
  }

  async #judge(
    suspect: WorkRecord,
    lanes: Map<string, Promise<ReadonlySet<string> | undefined>>,
  ): Promise<boolean> {
    const { log, queue, mesh, station } = this.#options;
    const isQueued = await this.#isQueued(suspect, lanes);
    const appended = await log.append(
      suspect.work_id,
      `witness on ${station.name}`.slice(0, 200),
      (record) =>
        record && record.revision === suspect.revision
          ? verdictOf(record, mesh, this.#times, this.#now(), isQueued)
          : undefined,
    );
    if (appended.kind !== 'appended') return false;
    if (appended.event.change.type === 'requeued') await queue.enqueue(appended.entry);
    return true;
  }

  /** Whether the queue holds an assignment of a work; undefined where the backlog is too long to say. */
  async #isQueued(
    record: WorkRecord,
    lanes: Map<string, Promise<ReadonlySet<string> | undefined>>,
  ): Promise<boolean | undefined> {
    if (record.status !== 'assigned') return undefined;
    const lane = laneFor(this.#options.names, record);
    if (!lane) return undefined;
    const known = lanes.get(lane.subject) ?? this.#readLane(lane);
    lanes.set(lane.subject, known);
    return (await known)?.has(record.work_id);
  }

  async #readLane({ stream, subject }: Lane): Promise<ReadonlySet<string> | undefined> {
    this.#jsm ??= jetstreamManager(this.#options.nc, { checkAPI: false });
    const jsm = await this.#jsm;
    const info = await jsm.streams.info(stream, { subjects_filter: subject });
    if ((info.state.subjects?.[subject] ?? 0) > MAX_LANE) return undefined;
    const ids = new Set<string>();
    for (let seq = 1; ; ) {
      const message = await jsm.direct.getMessage(stream, { seq, next_by_subj: subject });
      if (!message) return ids;
      const assignment = parseAssignment(message.data);
      if (assignment) ids.add(assignment.workId);
      seq = message.seq + 1;
    }
  }

  #lookAtStations(): void {
    for (const station of this.#options.mesh.stations()) {
      const before = this.#statuses.get(station.id);
      this.#statuses.set(station.id, station.status);
      if (station.status !== 'offline' || before === undefined || before === 'offline') continue;
      this.#options.notify({
        kind: 'station',
        type: 'offline',
        station: { id: station.id, name: station.name },
        data: { signals: [`no heartbeat for 30 s`, `it was ${before} before`] },
      });
    }
  }

  /** Reports attempts that run but say nothing; it is a person's choice what to do about them. */
  async #lookForQuiet(now: number): Promise<void> {
    const { works, names, nc, notify } = this.#options;
    const running = [...works.values()].filter((view) => view.status === 'accepted');
    const keys = new Set(running.map((view) => `${view.id}.${view.attempt}`));
    for (const key of this.#quiet) if (!keys.has(key)) this.#quiet.delete(key);
    this.#jsm ??= jetstreamManager(nc, { checkAPI: false });
    const jsm = await this.#jsm;
    for (const view of running) {
      if (view.station_id === undefined) continue;
      const { station_id } = view;
      const key = `${view.id}.${view.attempt}`;
      if (this.#quiet.has(key) || now - Date.parse(view.updated_at) < this.#times.quietMs) continue;
      const said = await Promise.all(
        [names.workProgress(view.id, station_id), names.workOutput(view.id, station_id)].map((subject) =>
          jsm.direct.getMessage(names.outputStream, { last_by_subj: subject }),
        ),
      );
      const last = Math.max(
        Date.parse(view.updated_at),
        ...said.map((message) => message?.time.getTime() ?? 0),
      );
      if (now - last < this.#times.quietMs) continue;
      this.#quiet.add(key);
      notify({
        kind: 'agent',
        type: 'quiet',
        station: { id: station_id, name: view.station_name ?? '' },
        data: {
          work_id: view.id,
          agent_name: view.agent,
          attempt: view.attempt,
          signals: [`nothing said since ${new Date(last).toISOString()}`, `running since ${view.started_at}`],
        },
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await within(STOP_MS, this.#looking);
    await this.#lease[Symbol.asyncDispose]();
  }
}
