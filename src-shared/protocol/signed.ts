import { z } from 'zod';
import { LatticeError } from '../errors.ts';
import { tokenSchema } from './token.ts';

/** Who signed a message: the id of a device. */
export const SIGNER_HEADER = 'Lattice-Signer';
/** When it was signed, by the clock of who signed it. */
const TIME_HEADER = 'Lattice-Time';
/** The Ed25519 signature of {@link signedBytes}, base64url. */
const SIGNATURE_HEADER = 'Lattice-Signature';

/** What is signed; one kind can never stand for another. */
export type SignedKind = 'invoke' | 'cancel' | 'report' | 'outcome' | 'state' | 'assign' | 'said';

/** All that a signature covers. */
export interface SignedFields {
  kind: SignedKind;
  subject: string;
  /** The invocation or the message; what a replay repeats. */
  id: string;
  /** The attempt it speaks for; 0 where there is none. */
  attempt: number;
  /** The sequence in the log that it builds on, or its number among its like. */
  buildsOn: number;
  signer: string;
  time: string;
  /** SHA-256 of the payload. */
  digest: Uint8Array;
}

/** What the headers of a signed message say. */
export interface Envelope {
  signer: string;
  time: string;
  signature: string;
}

const DOMAIN = 'lattice-signed-v1';
const LENGTH_BYTES = 4;
/** What one unit of a text takes at most as UTF-8. */
const MOST_BYTES_A_UNIT = 3;
/** Half of a surrogate pair without the other. */
const HALF = /\p{Surrogate}/u;
const encoder = new TextEncoder();

const envelopeSchema = z.object({
  signer: tokenSchema,
  time: z.iso.datetime(),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});

/**
 * The bytes that are signed: each field behind its length, so that no two messages have the same.
 * @throws LatticeError `invalid_input` for text that UTF-8 cannot carry, which would read like other text.
 */
export function signedBytes(fields: SignedFields): Uint8Array {
  const { kind, subject, id, attempt, buildsOn, signer, time, digest } = fields;
  const texts = [DOMAIN, kind, subject, id, String(attempt), String(buildsOn), signer, time];
  const most = texts.reduce((sum, text) => sum + LENGTH_BYTES + text.length * MOST_BYTES_A_UNIT, 0);
  const bytes = new Uint8Array(most + LENGTH_BYTES + digest.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of texts) {
    const start = at + LENGTH_BYTES;
    const { written } = encoder.encodeInto(whole(text), bytes.subarray(start));
    view.setUint32(at, written);
    at = start + written;
  }
  view.setUint32(at, digest.length);
  bytes.set(digest, at + LENGTH_BYTES);
  return bytes.subarray(0, at + LENGTH_BYTES + digest.length);
}

/** The header lines of a signed message. */
export function envelopeLines({ signer, time, signature }: Envelope): string {
  return `${SIGNER_HEADER}: ${signer}\r\n${TIME_HEADER}: ${time}\r\n${SIGNATURE_HEADER}: ${signature}\r\n`;
}

/** The envelope in the headers of a message: `unsigned` without one, `malformed` when it is damaged. */
export function readEnvelope(
  header: (name: string) => string | undefined,
): Envelope | 'unsigned' | 'malformed' {
  const found = {
    signer: header(SIGNER_HEADER),
    time: header(TIME_HEADER),
    signature: header(SIGNATURE_HEADER),
  };
  if (!found.signer && !found.time && !found.signature) return 'unsigned';
  return envelopeSchema.safeParse(found).data ?? 'malformed';
}

/** Encoding turns half of a surrogate pair into the same bytes as another half. */
function whole(text: string): string {
  if (!HALF.test(text)) return text;
  throw new LatticeError('invalid_input', 'Text with half a character cannot be signed.');
}
