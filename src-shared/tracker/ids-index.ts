import { z } from 'zod';
import { LatticeError } from '../errors.ts';
import type { TrackerEvent } from './event.ts';
import { parseShortId, type ShortId } from './ids.ts';
import { parseJson } from './json.ts';

/** `ids.json`: which task a short id names, and the next number of each prefix. */
export interface IdsIndex {
  readonly schema_version: 2;
  readonly map: Readonly<Record<string, string>>;
  readonly next_seqs: Readonly<Record<string, number>>;
}

export const EMPTY_IDS: IdsIndex = { schema_version: 2, map: {}, next_seqs: {} };

const indexSchema = z.object({
  map: z.record(z.string(), z.string()),
  next_seqs: z.record(z.string(), z.int().positive()).optional(),
  next_seq: z.int().positive().optional(),
});

/**
 * Reads `ids.json`, also in its first version with one number for the whole board.
 * Throws `invalid_input` when it is damaged: an index that is not read must never be taken for an empty one.
 */
export function readIdsIndex(text: string, prefix: string | undefined): IdsIndex {
  const parsed = indexSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new LatticeError('invalid_input', 'The index of short ids (ids.json) is damaged.', {
      hint: 'Run `lattice board doctor --fix`. It builds the index again from the logs.',
    });
  }
  const { map, next_seqs, next_seq } = parsed.data;
  const seqs = next_seqs ?? (prefix === undefined || next_seq === undefined ? {} : { [prefix]: next_seq });
  return { schema_version: 2, map, next_seqs: seqs };
}

/** The short id that an event gives to its task, if it gives one. */
export function shortIdOf(event: TrackerEvent): ShortId | undefined {
  if (event.type !== 'task_created' && event.type !== 'task_short_id_assigned') return undefined;
  const value = event.data.short_id;
  return typeof value === 'string' ? parseShortId(value) : undefined;
}

/**
 * The index as the logs prove it. The first task that got a short id keeps it. Numbers never go back: the next
 * one is above every number in the logs and not below that of `known`, the index that was there before.
 */
export function deriveIdsIndex(
  events: Iterable<TrackerEvent & { readonly task_id: string }>,
  known: IdsIndex = EMPTY_IDS,
): IdsIndex {
  const map = new Map<string, string>();
  const next = new Map<string, number>(Object.entries(known.next_seqs));
  for (const event of events) {
    const short = shortIdOf(event);
    if (short === undefined) continue;
    if (!map.has(short.text)) map.set(short.text, event.task_id);
    next.set(short.prefix, Math.max(next.get(short.prefix) ?? 1, short.seq + 1));
  }
  return { schema_version: 2, map: Object.fromEntries(map), next_seqs: Object.fromEntries(next) };
}

/** The next free short id of a prefix and the index with it taken by the task. */
export function allocateShortId(
  index: IdsIndex,
  prefix: string,
  taskId: string,
): { readonly shortId: string; readonly index: IdsIndex } {
  let seq = index.next_seqs[prefix] ?? 1;
  while (Object.hasOwn(index.map, `${prefix}-${seq}`)) seq += 1;
  const shortId = `${prefix}-${seq}`;
  return {
    shortId,
    index: {
      schema_version: 2,
      map: { ...index.map, [shortId]: taskId },
      next_seqs: { ...index.next_seqs, [prefix]: seq + 1 },
    },
  };
}
