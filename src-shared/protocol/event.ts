import { z } from 'zod';

/** Where every event type of a lattice begins, as Station names them. */
export const EVENT_TYPE_PREFIX = 'station.lattice.';

/** A W3C trace parent: version, trace id, span id, flags. */
export const traceparentSchema = z.string().regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);

/** A CloudEvents 1.0 envelope; unknown attributes are kept. `data` is checked by whoever knows the type. */
export const cloudEventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(300),
  type: z.string().min(1).max(200),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json').optional(),
  subject: z.string().max(300).optional(),
  traceparent: traceparentSchema.optional(),
  stationid: z.string().max(64).optional(),
  stationname: z.string().max(200).optional(),
  data: z.unknown(),
});
export type CloudEvent = z.infer<typeof cloudEventSchema>;

/** How a station is named as the source of an event. */
export function stationSourceName(org: string, id: string): string {
  return `lattice/${org}/station/${id}`;
}

/** The part of a type after the common beginning, as in `work.assigned`. */
export function shortType(type: string): string {
  return type.startsWith(EVENT_TYPE_PREFIX) ? type.slice(EVENT_TYPE_PREFIX.length) : type;
}
