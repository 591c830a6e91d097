import { createHash } from 'node:crypto';
import { fingerprintWords } from '../../src-shared/fingerprint-words.ts';

/** The public key of a device as six words that two people can compare by voice. */
export function keyWords(publicKey: string): string {
  return fingerprintWords(createHash('sha256').update(publicKey).digest());
}
