import { z } from 'zod';
import { type CloudEvent, cloudEventSchema, shortType, stationSourceName } from '../protocol/event.ts';

/** An event of the audit log as a list shows it; `seq` is its place in the one order of the log. */
export const auditEventSchema = z.object({
  seq: z.int(),
  id: z.string(),
  time: z.string(),
  /** The type without its common beginning, as in `work.assigned`. */
  type: z.string(),
  source: z.string(),
  station_id: z.string().optional(),
  station_name: z.string().optional(),
  agent: z.string().optional(),
  work_id: z.string().optional(),
  by: z.string().optional(),
  traceparent: z.string().optional(),
  /** What it says beside that, without the record of the work. */
  data: z.record(z.string(), z.unknown()),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

/** Which events to look at; every part that is given has to hold. `type` may end with `*`. */
export const eventFilterSchema = z.object({
  type: z.string().max(200).optional(),
  station: z.string().max(200).optional(),
  agent: z.string().max(64).optional(),
  work: z.string().max(64).optional(),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

const workDataSchema = z.looseObject({
  by: z.string().optional(),
  change: z.record(z.string(), z.unknown()),
  record: z.looseObject({
    work_id: z.string(),
    agent: z.string().optional(),
    station_id: z.string().optional(),
    station_name: z.string().optional(),
  }),
});

/** The audit event in a log message, or undefined when it is no CloudEvent. */
export function auditEventOf(seq: number, value: unknown): AuditEvent | undefined {
  const parsed = cloudEventSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const event = parsed.data;
  const work = workDataSchema.safeParse(event.data);
  const view: { [K in keyof AuditEvent]: AuditEvent[K] | undefined } = {
    seq,
    id: event.id,
    time: event.time,
    type: shortType(event.type),
    source: event.source,
    traceparent: event.traceparent,
    by: work.success ? work.data.by : undefined,
    ...(work.success ? ofWork(event, work.data) : ofOther(event)),
  };
  return Object.fromEntries(Object.entries(view).filter(([, part]) => part !== undefined)) as AuditEvent;
}

function ofWork(event: CloudEvent, { change, record }: z.infer<typeof workDataSchema>) {
  const { type: _, ...data } = change;
  return {
    station_id: event.stationid ?? record.station_id,
    station_name: event.stationname ?? record.station_name,
    agent: record.agent,
    work_id: record.work_id,
    data,
  };
}

function ofOther(event: CloudEvent) {
  const data = (typeof event.data === 'object' && event.data !== null ? event.data : {}) as Record<
    string,
    unknown
  >;
  const text = (key: string) => (typeof data[key] === 'string' ? data[key] : undefined);
  return {
    station_id: event.stationid ?? text('station_id'),
    station_name: event.stationname ?? text('station_name'),
    agent: text('agent_name'),
    work_id: text('work_id'),
    data,
  };
}

/**
 * Why an event that was read from a subject does not count, or undefined when it does. The hub lets a device write below
 * its own id only, so what an event says of its source and kind must be what its subject says.
 */
export function mismatchOf(subject: string, event: AuditEvent): string | undefined {
  const [, , org = '', plane, id = '', ...rest] = subject.split('.');
  if (plane === 'work')
    return event.type.startsWith('work.') && event.work_id === id ? undefined : 'it is no state of this work';
  if (event.type !== rest.join('.')) return `it says it is ${event.type}`;
  return event.source === stationSourceName(org, id) && event.station_id === id
    ? undefined
    : `it speaks for ${event.station_id ?? event.source}`;
}

/** Whether an event passes a filter. */
export function matchesFilter(event: AuditEvent, filter: EventFilter): boolean {
  const { type, station, agent, work } = filter;
  if (type !== undefined && !matchesType(event.type, shortType(type))) return false;
  if (station !== undefined && !isAbout(event, station)) return false;
  if (agent !== undefined && event.agent !== agent) return false;
  return work === undefined || event.work_id === work;
}

/** Whether a station said an event, or another said it about that station. */
function isAbout({ station_id, station_name, data }: AuditEvent, station: string): boolean {
  return [station_id, station_name, data.station_id, data.station_name].includes(station);
}

function matchesType(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
