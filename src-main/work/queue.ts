import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { mayAct } from '../../src-shared/protocol/roles.ts';
import { type LatticeNames, LEVELS, RESUME_LEVEL } from '../../src-shared/protocol/subjects.ts';
import { tokenSchema } from '../../src-shared/protocol/token.ts';
import { type WorkRecord, workRecordSchema } from '../../src-shared/protocol/work.ts';
import type { Signing } from '../signing/signing.ts';
import type { Delivery } from './delivery.ts';
import { parseJson } from './json.ts';
import { StreamPublisher } from './publisher.ts';
import type { LogEntry } from './state-chain.ts';

/** A record larger than this stays in the log; the worker reads it there. In characters. */
const CARRY_LIMIT = 32_768;

const assignmentSchema = z.looseObject({
  work_id: tokenSchema,
  agent: tokenSchema,
  seq: z.int().min(1).optional(),
  event: z.string().max(128).optional(),
  record: z.unknown().optional(),
});

/** One message of the work queue: which work, and as a shortcut how it stood when it was queued. */
export interface Assignment {
  workId: string;
  agent: string;
  /** The entry of the log that it was queued for. */
  seq: number | undefined;
  known: LogEntry | undefined;
}

/** One subject of a queue with the durable consumer that reads it. */
export interface Lane {
  stream: string;
  subject: string;
  durable: string;
  level: number;
  /** The agent of a shared lane; absent for the lane of a station. */
  agent?: string;
}

/** The lanes of a station: its own, and those it shares with every station that offers the agent. */
export function lanesOf(names: LatticeNames, station: string, agents: readonly string[]): Lane[] {
  const own = LEVELS.map((level) => ownLane(names, station, level));
  const shared = agents.flatMap((agent) =>
    LEVELS.filter((level) => level !== RESUME_LEVEL).map((level) => sharedLane(names, agent, level)),
  );
  return [...own, ...shared];
}

function ownLane(names: LatticeNames, station: string, level: number): Lane {
  return {
    stream: names.queueStream,
    subject: names.stationWorkAssign(station, level),
    durable: names.stationReader(station, level),
    level,
  };
}

function sharedLane(names: LatticeNames, agent: string, level: number): Lane {
  return {
    stream: names.agentQueueStream,
    subject: names.agentWorkAssign(agent, level),
    durable: names.agentReader(agent, level),
    level,
    agent,
  };
}

/** The number by which a record knows the message that a run holds: even in the queue of stations, odd in that of agents. */
export function leaseOf(names: LatticeNames, { stream, seq }: Pick<Delivery, 'stream' | 'seq'>): number {
  return seq * 2 + (stream === names.agentQueueStream ? 1 : 0);
}

/** The lane a work waits in, or undefined while no agent is known for its capability. */
export function laneFor(names: LatticeNames, record: WorkRecord): Lane | undefined {
  const { queue_station: station, agent, priority } = record;
  if (agent === undefined) return undefined;
  if (station === undefined) return sharedLane(names, agent, priority);
  const level = record.attempt > 0 ? RESUME_LEVEL : priority;
  return ownLane(names, station, level);
}

/** Puts assignments into the work queues; putting one twice is harmless. */
export class WorkQueue {
  readonly #publisher: StreamPublisher;
  readonly #names: LatticeNames;
  readonly #signing: Signing | undefined;

  constructor(options: { nc: NatsConnection; names: LatticeNames; signing?: Signing | undefined }) {
    this.#publisher = StreamPublisher.of(options.nc);
    this.#names = options.names;
    this.#signing = options.signing;
  }

  /** Queues a work as it stands; false while nobody knows which agent it is for. */
  async enqueue(entry: LogEntry): Promise<boolean> {
    const { record, seq } = entry;
    const lane = laneFor(this.#names, record);
    if (!lane || record.agent === undefined) return false;
    // Where messages are signed a worker goes by the log, and never by what travels here.
    const small =
      this.#signing?.isOn !== true &&
      record.task.length + JSON.stringify(record.context).length < CARRY_LIMIT;
    const message = {
      work_id: record.work_id,
      agent: record.agent,
      seq,
      ...(small ? { event: record.last_event, record } : {}),
    };
    const payload = Buffer.from(JSON.stringify(message));
    const id = `${record.work_id}.${record.revision}`;
    const { subject } = lane;
    await this.#publisher.publish(subject, payload, {
      id,
      traceparent: record.traceparent,
      lines: this.#signing?.lines({ kind: 'assign', subject, id }, payload) ?? '',
    });
    return true;
  }
}

/**
 * The assignment in a queue message, or undefined when it is rubbish. `recall` gives a record that this process
 * wrote into the log itself, by the id of its event: it needs no check.
 */
export function parseAssignment(
  data: Uint8Array,
  recall: (eventId: string) => WorkRecord | undefined = () => undefined,
): Assignment | undefined {
  const parsed = assignmentSchema.safeParse(parseJson(data));
  if (!parsed.success) return undefined;
  const { work_id, agent, seq, event, record: carried } = parsed.data;
  const record = recall(event ?? '') ?? workRecordSchema.safeParse(carried).data;
  const known = seq !== undefined && record?.work_id === work_id ? { seq, record } : undefined;
  return { workId: work_id, agent, seq, known };
}

/**
 * Whether an assignment counts: where messages are signed, a member that may give work or judge it signed it. The list of
 * members may come a moment after the first assignment of a new one, so the first delivery of such a one waits.
 */
export function judgeAssignment(
  signing: Signing | undefined,
  delivery: Delivery,
): 'good' | 'refused' | 'waits' {
  if (!signing?.isOn || signing.isBefore(delivery.time)) return 'good';
  const { subject, data, headers, time: loggedAt, seq } = delivery;
  const id = headers?.last('Nats-Msg-Id') ?? '';
  const verdict = signing.check({ kind: 'assign', subject, id, data, headers, loggedAt });
  if (verdict.ok && mayAct(verdict.sender.role)) return 'good';
  if (!verdict.ok && verdict.flaw === 'not_member' && !delivery.redelivered) return 'waits';
  const why = verdict.ok ? `the role ${verdict.sender.role} may not give work` : verdict.why;
  const from = verdict.ok ? verdict.sender.id : verdict.signer;
  signing.refuse({ what: 'an assignment', from, why }, `${subject} ${seq}`);
  return 'refused';
}
