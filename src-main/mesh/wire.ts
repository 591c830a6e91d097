import { type MsgHdrs, MsgHdrsImpl } from '@nats-io/nats-core';
import type { z } from 'zod';
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../../src-shared/protocol/subjects.ts';

/** Marks what only tries whether a subject is allowed; whoever hears it passes over it. */
export const PROBE_HEADER = 'Lattice-Probe';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** A message as it was meant, or one sentence about why it was refused. */
export type Read<T> = { ok: true; value: T } | { ok: false; why: string };

/** Headers that never change, so that they are encoded once and not per call. */
class FixedHeaders extends MsgHdrsImpl {
  #bytes: Uint8Array | undefined;

  override encode(): Uint8Array {
    this.#bytes ??= super.encode();
    return this.#bytes;
  }
}

/** The version as a header line, for headers that are put together by hand. */
export const PROTOCOL_LINE = `${PROTOCOL_HEADER}: ${PROTOCOL_VERSION}\r\n`;

/** The headers every message of this protocol carries; not to be changed. */
export function protocolHeaders(): MsgHdrs {
  const made = new FixedHeaders();
  made.set(PROTOCOL_HEADER, PROTOCOL_VERSION);
  return made;
}

export function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** Reads one JSON message from a peer; never throws, a peer can send anything. */
export function read<S extends z.ZodType>(
  schema: S,
  message: { data: Uint8Array; headers?: MsgHdrs | undefined },
): Read<z.output<S>> {
  const version = message.headers?.get(PROTOCOL_HEADER);
  if (version && version !== PROTOCOL_VERSION)
    return { ok: false, why: `protocol version ${version.slice(0, 20)}, this is ${PROTOCOL_VERSION}` };
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(message.data));
  } catch {
    return { ok: false, why: 'not JSON' };
  }
  return readValue(schema, json);
}

/** The same for a value that is parsed already. */
export function readValue<S extends z.ZodType>(schema: S, value: unknown): Read<z.output<S>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.').slice(0, 100);
  return { ok: false, why: `${path ? `${path}: ` : ''}${issue?.message.slice(0, 200) ?? 'unreadable'}` };
}

/** Bytes as a person reads them, in binary units. */
export function bytesText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
