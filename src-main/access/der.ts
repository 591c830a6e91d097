/** The few ASN.1 types that a certificate is made of, in DER (ITU-T X.690). */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: tag, length, content. */
export function element(kind: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([kind, ...lengthOf(body.length)]), body]);
}

export function sequence(...items: readonly Uint8Array[]): Buffer {
  return element(tag.sequence, ...items);
}

/** A whole number that is not negative, from its bytes with the highest first. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const body = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  // A set top bit would make it negative.
  return element(tag.integer, ...((body[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : []), body);
}

/** An object identifier such as `2.5.29.17`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(tag.oid, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Bits with the number of unused ones at the end. */
export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return element(tag.bitString, Uint8Array.of(unused), bytes);
}

export function utf8(text: string): Buffer {
  return element(tag.utf8, Buffer.from(text, 'utf8'));
}

/** A time up to the year 2049, to the second, in UTC. */
export function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replaceAll(/[-:T]|\..*$/g, '');
  return element(tag.utcTime, Buffer.from(`${digits.slice(2)}Z`, 'ascii'));
}

/** An element with a context tag, such as `[0]`; `constructed` when it holds other elements. */
export function context(number: number, constructed: boolean, ...content: readonly Uint8Array[]): Buffer {
  return element((constructed ? 0xa0 : 0x80) | number, ...content);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
