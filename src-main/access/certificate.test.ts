import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintWords } from '../../src-shared/fingerprint-words.ts';
import { makeCa, makeServerCertificate } from './certificate.ts';
import { integer, oid, sequence } from './der.ts';
import { hubCertificates, pinOf } from './hub-certificates.ts';

const HOSTS = ['localhost', '127.0.0.1', '::1', 'atlas.local', '2001:db8::17', 'fd00::1:2'];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-tls-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Dials a TLS server with these files; resolves with the chain it showed. @throws what node:tls says. */
async function dial(cert: string, key: string, ca: string, host: string): Promise<Buffer | undefined> {
  const server = createServer({ cert, key }, (socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', ca, servername: host }, () => {
        resolve(socket.getPeerCertificate(true).issuerCertificate?.raw);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  } finally {
    server.close();
  }
}

describe('der', () => {
  it('writes the examples of the standard', () => {
    expect(oid('1.2.840.113549').toString('hex')).toBe('06062a864886f70d');
    expect(integer(Uint8Array.of(0x80)).toString('hex')).toBe('02020080');
    expect(integer(Uint8Array.of(0, 0, 0)).toString('hex')).toBe('020100');
    expect(sequence(Buffer.alloc(200)).subarray(0, 3).toString('hex')).toBe('3081c8');
    expect(sequence(Buffer.alloc(70_000)).subarray(0, 5).toString('hex')).toBe('3083011170');
  });
});

describe('certificates of a hub', () => {
  it('are what openssl takes for a CA and a server certificate', async () => {
    const ca = makeCa('Lattice hub CA');
    const server = makeServerCertificate(ca, 'Lattice hub CA', { hosts: HOSTS, days: 10 });
    await writeFile(join(folder, 'ca.pem'), ca.certificate);
    await writeFile(join(folder, 'server.pem'), server.certificate);
    const openssl = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)('openssl', args, { cwd: folder });
      return stdout;
    };
    expect(
      await openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'ca.pem', 'server.pem'),
    ).toContain('OK');
    const text = await openssl('x509', '-in', 'server.pem', '-noout', '-text');
    expect(text).toContain(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:atlas.local',
    );
    expect(text).toContain('IP Address:2001:DB8:0:0:0:0:0:17, IP Address:FD00:0:0:0:0:0:1:2');
    expect(text).toContain('TLS Web Server Authentication');
    expect(await openssl('x509', '-in', 'ca.pem', '-noout', '-text')).toMatch(/CA:TRUE, pathlen:0/);
  });

  it('hold for their names, and for no other name or CA', async () => {
    const ca = makeCa('CA');
    const { certificate, key } = makeServerCertificate(ca, 'CA', { hosts: ['atlas.local'], days: 10 });
    const issuer = await dial(certificate, key, ca.certificate, 'atlas.local');
    expect(pinOf(issuer ?? '')).toBe(pinOf(ca.certificate));
    await expect(dial(certificate, key, ca.certificate, 'other.local')).rejects.toThrow(/altnames/);
    await expect(dial(certificate, key, makeCa('CA').certificate, 'atlas.local')).rejects.toThrow(
      /self-signed|signature|verify/,
    );
    const old = { hosts: ['atlas.local'], days: 1, now: new Date(Date.now() - 5 * 86_400_000) };
    const expired = makeServerCertificate(ca, 'CA', old);
    await expect(dial(expired.certificate, expired.key, ca.certificate, 'atlas.local')).rejects.toThrow(
      /expired/,
    );
  });

  it('are made once, for their owner alone, and again when the names of the machine change', async () => {
    const first = await hubCertificates(folder, ['atlas.local']);
    const certificate = await readFile(first.certFile, 'utf8');
    const again = await hubCertificates(folder, ['atlas.local']);
    expect(again).toEqual(first);
    expect(await readFile(again.certFile, 'utf8')).toBe(certificate);
    const moved = await hubCertificates(folder, ['atlas.local', '10.20.0.14']);
    expect(moved.pin).toBe(first.pin);
    expect(await readFile(moved.certFile, 'utf8')).not.toBe(certificate);
    for (const file of ['ca.pem', 'ca.key', 'server.pem', 'server.key'])
      expect((await stat(join(folder, 'hub-tls', file))).mode & 0o777).toBe(0o600);
  });

  it('are made anew when the files are damaged', async () => {
    const { certFile, caFile, pin } = await hubCertificates(folder, ['atlas.local']);
    await writeFile(certFile, 'rubbish');
    expect((await hubCertificates(folder, ['atlas.local'])).pin).toBe(pin);
    await writeFile(caFile, '');
    const other = await hubCertificates(folder, ['atlas.local']);
    expect(other.pin).not.toBe(pin);
    const server = await readFile(other.certFile, 'utf8');
    const key = await readFile(other.keyFile, 'utf8');
    await expect(dial(server, key, await readFile(caFile, 'utf8'), 'atlas.local')).resolves.toBeDefined();
  });
});

describe('the words of a fingerprint', () => {
  it('are those of the published scheme, and differ when any of 96 bits does', () => {
    const bytes = Uint8Array.of(127, 0, 0, 1, 63, 84, 220, 193, 63, 118, 7, 35);
    expect(fingerprintWords(bytes)).toBe('lusab-babad-gutih-tugad-gutuk-bisog');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.nat(95), (fingerprint, bit) => {
        const other = Uint8Array.from(fingerprint);
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(fingerprintWords(other)).not.toBe(fingerprintWords(fingerprint));
      }),
    );
  });
});
