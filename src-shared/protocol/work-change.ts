import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { type CloudEvent, cloudEventSchema, EVENT_TYPE_PREFIX } from './event.ts';
import { tokenSchema } from './token.ts';
import {
  escalationCauseSchema,
  resultRefSchema,
  severitySchema,
  type WorkOrder,
  type WorkRecord,
  workCandidateSchema,
  workOrderSchema,
  workRecordSchema,
} from './work.ts';

const attempt = z.int().min(1);
const reason = z.string().max(500);
/** What the witness saw when it judged. */
const signals = z.array(z.string().max(300)).max(20).optional();
const why = z.array(workCandidateSchema).max(20).optional();
const delay = z.int().min(0).max(86_400_000);

const small = {
  accepted: z.object({
    type: z.literal('accepted'),
    attempt,
    station_id: tokenSchema,
    station_name: z.string().max(200),
    lease: z.int().min(0),
    why,
  }),
  escalated: z.object({
    type: z.literal('escalated'),
    attempt: z.int().min(0),
    cause: escalationCauseSchema,
    severity: severitySchema,
    signals,
  }),
  answered: z.object({
    type: z.literal('answered'),
    question_id: z.string().min(1).max(128),
    answer: z.string().max(100_000),
  }),
  acknowledged: z.object({ type: z.literal('acknowledged') }),
  cancel_requested: z.object({ type: z.literal('cancel_requested'), reason }),
  failed: z.object({ type: z.literal('failed'), attempt, error: errorShapeSchema }),
  cancelled: z.object({ type: z.literal('cancelled'), attempt: z.int().min(0), reason }),
  expired: z.object({ type: z.literal('expired'), reason, signals }),
  requeued: z.object({
    type: z.literal('requeued'),
    attempt: z.int().min(0),
    reason,
    delay_ms: delay,
    queue_station: tokenSchema.optional(),
    /** The agent that was found for a capability. */
    agent: tokenSchema.optional(),
    /** Attempts a person adds. */
    more_attempts: z.int().min(0).max(20).optional(),
    error: errorShapeSchema.optional(),
    signals,
  }),
  unplaceable: z.object({ type: z.literal('unplaceable'), reason, signals }),
};

const assigned = z.object({
  type: z.literal('assigned'),
  work_id: tokenSchema,
  order: workOrderSchema,
  why,
  unplaceable: reason.optional(),
});

const completed = z.object({
  type: z.literal('completed'),
  attempt,
  result: z.string().optional(),
  result_ref: resultRefSchema.optional(),
});

export type SmallChange = z.infer<(typeof small)[keyof typeof small]>;
export type Assigned = z.infer<typeof assigned>;
type Completed = z.infer<typeof completed>;

/** One change of state: what happens to a work. */
export type WorkChange = Assigned | Completed | SmallChange;

/** A change with its identity: which event, when, by whom. */
export interface WorkEvent {
  id: string;
  at: string;
  by: string;
  change: WorkChange;
}

/** On the wire the order, the candidates and the result are in the record only, so that nothing travels twice. */
const wireChangeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('assigned'), unplaceable: reason.optional() }),
  z.object({ type: z.literal('completed'), attempt }),
  ...Object.values({ ...small, accepted: small.accepted.omit({ why: true }) }),
]);

/** The data of a state event: what changed, by whom, and the record as it stands after it. */
const workStateDataSchema = z.object({
  by: z.string().min(1).max(200),
  change: wireChangeSchema,
  record: workRecordSchema,
});
const stateEventSchema = cloudEventSchema.extend({ data: workStateDataSchema });

/** Who speaks in the log. */
export interface EventSource {
  source: string;
  station_id?: string;
  station_name?: string;
}

/** A station that speaks in the log. */
export type StationSource = Required<EventSource>;

/** The CloudEvent that stands for a change in the log; `record` is the work after it. */
export function encodeWorkEvent(event: WorkEvent, record: WorkRecord, from: EventSource): CloudEvent {
  return {
    specversion: '1.0',
    id: event.id,
    source: from.source,
    type: `${EVENT_TYPE_PREFIX}work.${event.change.type}`,
    time: event.at,
    datacontenttype: 'application/json',
    subject: record.work_id,
    ...(from.station_id === undefined ? {} : { stationid: from.station_id }),
    ...(from.station_name === undefined ? {} : { stationname: from.station_name }),
    ...(record.traceparent === undefined ? {} : { traceparent: record.traceparent }),
    data: { by: event.by, change: toWire(event.change), record },
  };
}

/** A state event that was read from the log, or undefined when it is none. */
export function decodeWorkEvent(value: unknown): { event: WorkEvent; record: WorkRecord } | undefined {
  const parsed = stateEventSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { id, time, data } = parsed.data;
  const { record, by } = data;
  return { event: { id, at: time, by, change: fromWire(data.change, record) }, record };
}

function toWire(change: WorkChange): z.infer<typeof wireChangeSchema> {
  if (change.type === 'assigned') {
    return change.unplaceable === undefined
      ? { type: 'assigned' }
      : { type: 'assigned', unplaceable: change.unplaceable };
  }
  if (change.type === 'accepted') {
    const { why: _, ...rest } = change;
    return rest;
  }
  if (change.type === 'completed') return { type: 'completed', attempt: change.attempt };
  return change;
}

function fromWire(change: z.infer<typeof wireChangeSchema>, record: WorkRecord): WorkChange {
  if (change.type === 'assigned')
    return { ...change, work_id: record.work_id, order: orderOf(record), why: record.why };
  if (change.type === 'accepted') return { ...change, why: record.why };
  if (change.type !== 'completed') return change;
  return {
    ...change,
    ...(record.result === undefined ? {} : { result: record.result }),
    ...(record.result_ref === undefined ? {} : { result_ref: record.result_ref }),
  };
}

/** The order a record came from; what assigns it again, or assigns it edited. */
export function orderOf(record: WorkRecord): WorkOrder {
  const order: Record<string, unknown> = {};
  for (const key of Object.keys(workOrderSchema.shape)) {
    const value = record[key as keyof WorkRecord];
    if (value !== undefined) order[key] = value;
  }
  return order as WorkOrder;
}
