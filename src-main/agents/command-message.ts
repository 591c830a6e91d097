import { z } from 'zod';
import { contextSchema, reportSchema } from '../../src-shared/protocol/invoke.ts';

const id = z.string().min(1).max(200).optional();

const messageSchema = z.discriminatedUnion('type', [
  ...reportSchema.options,
  z.object({
    type: z.literal('question'),
    id,
    text: z.string().min(1).max(100_000),
    choices: z.array(z.string().max(1_000)).max(100).default([]),
  }),
  z.object({
    type: z.literal('assign'),
    id,
    agent: z.string().min(1).max(200),
    task: z.string().max(1_000_000),
    context: contextSchema.default({}),
    station: z.string().min(1).max(64).optional(),
  }),
  z.object({
    type: z.literal('result'),
    result: z.unknown().refine((value) => value !== undefined, 'A result message needs a result.'),
  }),
]);
/** What a program says on a line of its own. */
export type CommandMessage = z.infer<typeof messageSchema>;

const TYPES: ReadonlySet<unknown> = new Set([
  'progress',
  'output',
  'activity',
  'question',
  'assign',
  'result',
]);

/** Reads a line as a message; `text` when it is none, `malformed` when its type is known but its shape is wrong. */
export function readMessage(line: string): CommandMessage | 'text' | 'malformed' {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'text';
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || !TYPES.has(value.type))
    return 'text';
  return messageSchema.safeParse(value).data ?? 'malformed';
}

/** A result as text: text as it is, anything else as JSON. */
export function resultText(result: unknown): string {
  return typeof result === 'string' ? result : JSON.stringify(result, null, 2);
}
