import type { NatsConnection } from '@nats-io/nats-core';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import { isHeld, type WorkRecord } from '../../src-shared/protocol/work.ts';
import type { WorkChange } from '../../src-shared/protocol/work-change.ts';
import type { Signing } from '../signing/signing.ts';
import { acceptanceOf, attemptsUsed, waitOf } from './acceptance.ts';
import { settleAttempt } from './attempt-outcome.ts';
import { AttemptRun, type Execute, type StopReason } from './attempt-run.ts';
import type { Delivery } from './delivery.ts';
import type { Dispatcher } from './dispatcher.ts';
import { LaneSweep } from './lane-sweep.ts';
import type { WorkLog } from './log.ts';
import { candidatesTaken, type MeshFacts } from './placement.ts';
import {
  type Assignment,
  judgeAssignment,
  lanesOf,
  leaseOf,
  parseAssignment,
  type WorkQueue,
} from './queue.ts';
import { reconnectsOf } from './reconnects.ts';
import type { Results } from './results.ts';
import type { LogEntry } from './state-chain.ts';
import type { WorkStates } from './states.ts';
import { subWorkOrder } from './sub-work.ts';
import { within } from './within.ts';

/** Milliseconds that decide how fast the lattice notices a dead worker, and how fast it tries again. */
export interface WorkerTimes {
  ackWaitMs: number;
  inProgressMs: number;
  /** The first delay after a failed attempt; each further one is five times as long, a minute at most. */
  retryDelayMs: number;
}

const DEFAULT_WORKER_TIMES: WorkerTimes = {
  ackWaitMs: 30_000,
  inProgressMs: 10_000,
  retryDelayMs: 1_000,
};

/** A station that stops waits this long for its agents to end and for a hub that is away, in milliseconds. */
const STOP_PATIENCE_MS = 6_500;
const FLUSH_MS = 1_000;
/** How long a work for an agent that this station does not offer now waits before it is looked at again. */
const NOT_OFFERED_MS = 5_000;
/** When an assignment of a member that is not known yet comes again, in milliseconds. */
const NEW_MEMBER_MS = 1_000;

/** The slots of this station, shared with direct calls. */
export interface WorkSlots {
  /** How many more runs may start now: on the station, or of one agent. */
  free(agent?: string): number;
  /** Takes a slot, or nothing when the station or the agent is full. */
  tryAcquire(agent: string): Disposable | undefined;
  /** Takes a slot as soon as there is one, within `waitMs` milliseconds. */
  acquire(agent: string, options: { waitMs: number; signal: AbortSignal }): Promise<Disposable>;
  /** A run started or ended. */
  readonly changed: { on(listener: () => void): Disposable };
}

export interface WorkerOptions {
  nc: NatsConnection;
  names: LatticeNames;
  station: { id: string; name: string };
  log: WorkLog;
  states: WorkStates;
  /** A signed work as it was followed and checked here; saves reading its log. */
  proven(workId: string): LogEntry | undefined;
  queue: WorkQueue;
  dispatcher: Dispatcher;
  results: Results;
  signing?: Signing | undefined;
  mesh: MeshFacts;
  slots: WorkSlots;
  /** The agents this station offers now. */
  agents(): readonly string[];
  execute: Execute;
  times?: Partial<WorkerTimes>;
}

/** What a worker has done and refused since it started. */
export interface WorkerCounts {
  started: number;
  completed: number;
  lost: number;
  duplicates: number;
  refused: number;
}

/** Takes work from the queue while it has a free slot, runs it, and says in the log how it ended. */
export class Worker implements AsyncDisposable {
  readonly counts: WorkerCounts = { started: 0, completed: 0, lost: 0, duplicates: 0, refused: 0 };
  readonly #options: WorkerOptions;
  readonly #times: WorkerTimes;
  readonly #sweep: LaneSweep;
  readonly #runs = new Map<string, AttemptRun>();
  readonly #finished = new Set<Promise<void>>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #free: Disposable;
  readonly #reconnect: Disposable;
  readonly #giveUp = new AbortController();
  #started = false;
  #stopping = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#times = { ...DEFAULT_WORKER_TIMES, ...options.times };
    this.#sweep = new LaneSweep({
      nc: options.nc,
      ackWaitMs: this.#times.ackWaitMs,
      free: (agent) => options.slots.free(agent),
      onMessage: (delivery) => this.#receive(delivery),
    });
    this.#free = options.slots.changed.on(() => {
      if (this.#started && options.slots.free() > 0) this.#sweep.wake();
    });
    this.#heartbeat = setInterval(() => this.#renew(), this.#times.inProgressMs);
    // The server may have counted the time without us.
    this.#reconnect = reconnectsOf(options.nc).on(() => this.#renew());
    // The hub does not let us in any more, so what runs here belongs to others already.
    void options.nc.closed().then(() => this.#stopAll({ kind: 'lost' }));
  }

  /** Keeps the leases of what runs. */
  #renew(): void {
    for (const run of this.#runs.values()) run.delivery.working();
  }

  #stopAll(reason: StopReason): void {
    for (const run of this.#runs.values()) run.stop(reason);
  }

  /** Starts to take work: first what `ownUnfinished` names, then the rest of the queue. */
  async start(ownUnfinished: readonly string[]): Promise<void> {
    for (const workId of ownUnfinished) await this.#resume(workId);
    this.#started = true;
    this.refresh();
  }

  /** Looks again at which agents the station offers. */
  refresh(): void {
    const { names, station, agents } = this.#options;
    if (this.#started) this.#sweep.setLanes(lanesOf(names, station.id, agents()));
  }

  /** How many works run now. */
  get running(): number {
    return this.#runs.size;
  }

  #by(): string {
    return `station ${this.#options.station.name}`.slice(0, 200);
  }

  /** Puts a work that an earlier life of this station held at the head of its own queue. */
  async #resume(workId: string): Promise<void> {
    const { log, queue, station } = this.#options;
    const appended = await log.append(workId, this.#by(), (record) => {
      if (!record || !isHeld(record) || record.station_id !== station.id) return undefined;
      if (record.cancel) return { type: 'cancelled', attempt: record.attempt, reason: record.cancel.reason };
      if (record.attempt >= record.attempts_allowed) return attemptsUsed(record);
      return {
        type: 'requeued',
        attempt: record.attempt,
        reason: 'The station restarted.',
        delay_ms: 0,
        queue_station: station.id,
      };
    });
    if (appended.kind === 'appended' && appended.event.change.type === 'requeued')
      await queue.enqueue(appended.entry);
  }

  #receive(delivery: Delivery): void {
    const { signing, log } = this.#options;
    const assignment = parseAssignment(delivery.data, (id) => log.recall(id));
    const judged = judgeAssignment(signing, delivery);
    if (judged === 'waits') {
      delivery.nak(NEW_MEMBER_MS);
      return;
    }
    if (!assignment || judged === 'refused') {
      this.counts.refused++;
      delivery.ack();
      return;
    }
    const running = this.#runs.get(assignment.workId);
    if (running) {
      // Our lease lapsed while we still run: the new delivery carries it on. Another message is a double.
      if (running.lease === leaseOf(this.#options.names, delivery)) running.delivery = delivery;
      else this.#drop(delivery);
      return;
    }
    const isOffered = this.#options.agents().includes(assignment.agent);
    const slot = isOffered && !this.#stopping ? this.#options.slots.tryAcquire(assignment.agent) : undefined;
    if (!slot) {
      delivery.nak(isOffered ? 0 : NOT_OFFERED_MS);
      return;
    }
    const finished = this.#run(assignment, delivery, slot);
    this.#finished.add(finished);
    void finished.finally(() => this.#finished.delete(finished));
  }

  #drop(delivery: Delivery): void {
    this.counts.duplicates++;
    delivery.ack();
  }

  async #run(assignment: Assignment, delivery: Delivery, first: Disposable): Promise<void> {
    const { nc, names, station, log, states, execute, signing, slots } = this.#options;
    let slot = first;
    const { workId } = assignment;
    const run = new AttemptRun({
      nc,
      names,
      log,
      states,
      signing,
      by: this.#by(),
      station: station.id,
      workId,
      delivery,
      execute,
      giveUp: this.#giveUp.signal,
      assign: (sub, record, index) =>
        this.#options.dispatcher.assign(subWorkOrder(sub, record, index)).then((made) => made.id),
      setAside: async (wait, signal) => {
        slot[Symbol.dispose]();
        const waited = await wait();
        slot = await slots.acquire(assignment.agent, { waitMs: Infinity, signal });
        return waited;
      },
    });
    this.#runs.set(workId, run);
    try {
      const entry = await this.#accept(assignment, delivery);
      if (!entry) return;
      this.counts.started++;
      if (this.#stopping) run.stop({ kind: 'station_stops' });
      const end = await run.run(entry);
      const settled = await settleAttempt(
        {
          log,
          results: this.#options.results,
          by: this.#by(),
          retryDelayMs: this.#times.retryDelayMs,
          giveUp: this.#giveUp.signal,
        },
        end,
      );
      if (settled.answer === 'ack') run.delivery.ack();
      if (settled.answer === 'nak') run.delivery.nak(settled.delayMs);
      if (settled.answer === 'none') this.counts.lost++;
      if (settled.status === 'completed') this.counts.completed++;
    } catch {
      // The log does not take our word: the message comes again when its lease lapses, here or elsewhere.
      this.counts.lost++;
    } finally {
      this.#runs.delete(workId);
      run[Symbol.dispose]();
      slot[Symbol.dispose]();
    }
  }

  /** Takes the next attempt of a work; undefined when there is nothing to run, with the message answered. */
  async #accept(assignment: Assignment, delivery: Delivery): Promise<LogEntry | undefined> {
    const known = delivery.redelivered ? undefined : this.#knownOf(assignment);
    let later = 0;
    const appended = await this.#options.log.append(
      assignment.workId,
      this.#by(),
      (record) => {
        if (record && !this.#isMeant(record, assignment)) return undefined;
        later = record ? waitOf(record, Date.now()) : 0;
        return record ? this.#decide(record, leaseOf(this.#options.names, delivery)) : undefined;
      },
      known ? { known } : {},
    );
    if (appended.kind === 'appended' && appended.event.change.type === 'accepted') return appended.entry;
    if (appended.kind === 'declined' && later > 0) delivery.nak(later);
    else if (appended.kind === 'appended') delivery.ack();
    else this.#drop(delivery);
    return undefined;
  }

  /** What saves reading the log: what travels with an assignment, or where messages are signed what was checked here. */
  #knownOf({ workId, seq, known }: Assignment): LogEntry | undefined {
    const { signing, proven } = this.#options;
    if (!signing?.isOn) return known;
    const entry = proven(workId);
    return entry?.seq === seq ? entry : undefined;
  }

  /** An assignment that names another agent than the order is a trick, where orders are signed. */
  #isMeant({ agent, work_id }: WorkRecord, assignment: Assignment): boolean {
    const { signing } = this.#options;
    if (!signing?.isOn || agent === assignment.agent) return true;
    const why = `it is for the agent ${assignment.agent}, and its order for the agent ${agent ?? 'of a capability'}`;
    signing.refuse({ what: `an assignment of work ${work_id}`, from: undefined, why });
    return false;
  }

  #decide(record: WorkRecord, lease: number): WorkChange | undefined {
    const { station, mesh, slots } = this.#options;
    return acceptanceOf(record, {
      station,
      lease,
      now: Date.now(),
      why: () => {
        const reason = `It had a free slot first; ${slots.free()} more are free.`;
        return candidatesTaken(mesh, record.agent ?? '', { ...station, reason }, record.station);
      },
    });
  }

  /** Stops at once: running works are handed back for others to take. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    this.#free[Symbol.dispose]();
    this.#reconnect[Symbol.dispose]();
    // First the pulls: what is handed back must not come to us again.
    await this.#sweep[Symbol.asyncDispose]();
    this.#stopAll({ kind: 'station_stops' });
    const timer = setTimeout(() => this.#giveUp.abort(), STOP_PATIENCE_MS);
    await Promise.all(this.#finished);
    clearTimeout(timer);
    clearInterval(this.#heartbeat);
    if (!this.#options.nc.isClosed()) await within(FLUSH_MS, this.#options.nc.flush());
  }
}
