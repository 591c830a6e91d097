import { hkdfSync, randomBytes } from 'node:crypto';
import { fromSeed, type KeyPair } from '@nats-io/nkeys';

const CODE_BYTES = 20;
const INVITATION_BYTES = 10;
/** `S` and `U` as NKeys write them, in five bits each. */
const SEED_OF_USER = Uint8Array.of(0b1001_0101, 0b0000_0000);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new invitation: a name that may be known, and a code of 160 bits that may not. */
export function newCode(): { invitation: string; code: string } {
  return {
    invitation: randomBytes(INVITATION_BYTES).toString('hex'),
    code: randomBytes(CODE_BYTES).toString('base64url'),
  };
}

/** The key pair that a code stands for: the host keeps its public half, so what lies on its disk lets nobody in. */
export function codeKey(invitation: string, code: string): KeyPair {
  const raw = hkdfSync('sha256', Buffer.from(code, 'base64url'), invitation, 'lattice invitation v1', 32);
  const body = Buffer.concat([SEED_OF_USER, Buffer.from(raw)]);
  const check = Buffer.alloc(2);
  check.writeUInt16LE(crc16(body));
  return fromSeed(Buffer.from(base32(Buffer.concat([body, check])), 'ascii'));
}

/** CRC-16/XMODEM, as NKeys end with. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc;
}

/** Base32 without padding, as NKeys are written. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >> bits) & 31] ?? '';
    }
  }
  return bits > 0 ? text + (ALPHABET[(value << (5 - bits)) & 31] ?? '') : text;
}
