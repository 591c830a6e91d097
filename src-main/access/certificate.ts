import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIP } from 'node:net';
import { bitString, context, element, integer, oid, sequence, tag, utcTime, utf8 } from './der.ts';

const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
/** Clocks of a team differ; a certificate counts from a little before it was made. */
const SKEW_MS = DAY_MS;
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/** A certificate with its key, both as PEM. */
export interface CertifiedKey {
  certificate: string;
  key: string;
}

export interface ServerCertificateOptions {
  /** Host names and IP addresses that the certificate stands for. */
  hosts: readonly string[];
  days: number;
  now?: Date;
}

/** A CA of its own, for one hub; P-256, valid for ten years. */
export function makeCa(name: string, now = new Date()): CertifiedKey {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = issue({
    subject: name,
    issuer: name,
    publicKey: pair.publicKey,
    issuerKey: pair.privateKey,
    days: CA_DAYS,
    now,
    extensions: [
      extension(
        '2.5.29.19',
        sequence(element(tag.boolean, Uint8Array.of(0xff)), integer(Uint8Array.of(0))),
        true,
      ),
      // keyCertSign and cRLSign
      extension('2.5.29.15', bitString(Uint8Array.of(0b0000_0110), 1), true),
      extension('2.5.29.14', element(tag.octetString, keyIdOf(pair.publicKey))),
    ],
  });
  return { certificate, key: pemOf(pair.privateKey) };
}

/** A server certificate signed by `ca`; `certificate` holds the chain with the CA at its end. */
export function makeServerCertificate(
  ca: CertifiedKey,
  caName: string,
  options: ServerCertificateOptions,
): CertifiedKey {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const caKey = createPrivateKey(ca.key);
  const names = options.hosts.map((host) =>
    isIP(host) ? context(7, false, ipBytes(host)) : context(2, false, Buffer.from(host, 'ascii')),
  );
  const certificate = issue({
    subject: 'Lattice hub',
    issuer: caName,
    publicKey: pair.publicKey,
    issuerKey: caKey,
    days: options.days,
    now: options.now ?? new Date(),
    extensions: [
      extension('2.5.29.19', sequence(), true),
      // digitalSignature
      extension('2.5.29.15', bitString(Uint8Array.of(0b1000_0000), 7), true),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', sequence(...names)),
      extension('2.5.29.14', element(tag.octetString, keyIdOf(pair.publicKey))),
      extension('2.5.29.35', sequence(context(0, false, keyIdOf(createPublicKey(caKey))))),
    ],
  });
  return { certificate: `${certificate}${ca.certificate}`, key: pemOf(pair.privateKey) };
}

interface Issue {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  issuerKey: KeyObject;
  days: number;
  now: Date;
  extensions: readonly Buffer[];
}

function issue(request: Issue): string {
  const { subject, issuer, publicKey, issuerKey, days, now } = request;
  const serial = randomBytes(16);
  const from = new Date(now.getTime() - SKEW_MS);
  const body = sequence(
    context(0, true, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(utcTime(from), utcTime(new Date(now.getTime() + days * DAY_MS))),
    nameOf(subject),
    spkiOf(publicKey),
    context(3, true, sequence(...request.extensions)),
  );
  const signature = sign('sha256', body, { key: issuerKey, dsaEncoding: 'der' });
  const der = sequence(body, ECDSA_SHA256, bitString(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [element(tag.boolean, Uint8Array.of(0xff))] : [];
  return sequence(oid(id), ...flag, element(tag.octetString, value));
}

function nameOf(commonName: string): Buffer {
  return sequence(element(tag.set, sequence(oid('2.5.4.3'), utf8(commonName))));
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** RFC 5280 names a key by the SHA-1 of its bits; the value only has to be the same in both places. */
function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha256').update(spkiOf(key)).digest().subarray(0, 20);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The 4 or 16 bytes of an address. */
function ipBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = (text: string | undefined) => (text ? text.split(':').flatMap(groupOf) : []);
  const first = groups(head);
  const last = groups(tail);
  const gap = new Array<number>(Math.max(0, 16 - first.length - last.length)).fill(0);
  return Buffer.from(tail === undefined ? first : [...first, ...gap, ...last]);
}

function groupOf(group: string): number[] {
  if (group.includes('.')) return group.split('.').map(Number);
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
