import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../src-shared/errors.ts';
import { makeCa, makeServerCertificate } from './certificate.ts';

const CA_NAME = 'Lattice hub CA';
/**
 * The name by which every hub's certificate can be checked, whatever address it is reached under: its CA signs for
 * nobody else, and addresses change.
 */
export const HUB_TLS_NAME = 'hub.lattice.internal';
const SERVER_DAYS = 398;
const RENEW_BEFORE_MS = 30 * 86_400_000;

/** The TLS files of a hub, and the pin by which others know its CA. */
export interface HubCertificates {
  caFile: string;
  certFile: string;
  keyFile: string;
  pin: string;
}

/**
 * Makes the CA of this hub once, and a server certificate for this machine whenever its names changed or it runs out.
 * All files are for their owner alone. @throws LatticeError `io_failed`.
 */
export async function hubCertificates(
  dataDir: string,
  hosts: readonly string[] = hostsOfMachine(),
): Promise<HubCertificates> {
  const dir = join(dataDir, 'hub-tls');
  const files = {
    caFile: join(dir, 'ca.pem'),
    caKeyFile: join(dir, 'ca.key'),
    certFile: join(dir, 'server.pem'),
    keyFile: join(dir, 'server.key'),
  };
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    let ca = await readPair(files.caFile, files.caKeyFile);
    if (!ca || !isCurrent(ca.certificate)) {
      ca = makeCa(CA_NAME);
      await write(files.caKeyFile, ca.key);
      await write(files.caFile, ca.certificate);
    }
    const server = await readPair(files.certFile, files.keyFile);
    if (!server || !isCurrent(server.certificate) || !fits(server.certificate, ca.certificate, hosts)) {
      const made = makeServerCertificate(ca, CA_NAME, { hosts, days: SERVER_DAYS });
      await write(files.keyFile, made.key);
      await write(files.certFile, made.certificate);
    }
    const { caFile, certFile, keyFile } = files;
    return { caFile, certFile, keyFile, pin: pinOf(ca.certificate) };
  } catch (error) {
    throw new LatticeError('io_failed', `The certificates in ${dir} cannot be read or made.`, {
      hint: 'Check that the folder can be written, or move it away to make new ones; then everybody joins again.',
      cause: error,
    });
  }
}

/** The SHA-256 of a certificate, base64url: what a join link names a hub by. */
export function pinOf(certificate: string | Uint8Array): string {
  const { raw } = new X509Certificate(certificate);
  return createHash('sha256').update(raw).digest('base64url');
}

/** What others may call this machine: its name and every address. */
function hostsOfMachine(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .map(({ address }) => address)
    .filter((address) => !address.startsWith('fe80:'));
  const name = hostname();
  const names = /^[A-Za-z0-9.-]{1,253}$/.test(name) ? [name, `${name.split('.')[0]}.local`] : [];
  return [...new Set([HUB_TLS_NAME, 'localhost', '127.0.0.1', '::1', ...names, ...addresses])].sort();
}

async function readPair(certFile: string, keyFile: string) {
  const [certificate, key] = await Promise.all(
    [certFile, keyFile].map((file) => readFile(file, 'utf8').catch(() => undefined)),
  );
  if (certificate === undefined || key === undefined) return undefined;
  return { certificate, key };
}

function isCurrent(certificate: string): boolean {
  try {
    return Date.parse(new X509Certificate(certificate).validTo) - Date.now() > RENEW_BEFORE_MS;
  } catch {
    return false;
  }
}

function fits(certificate: string, ca: string, hosts: readonly string[]): boolean {
  const found = new X509Certificate(certificate);
  if (!found.verify(new X509Certificate(ca).publicKey)) return false;
  return hosts.every((host) => found.checkHost(host) !== undefined || found.checkIP(host) !== undefined);
}

function write(file: string, text: string): Promise<void> {
  return writeFileAtomic(file, text, { mode: 0o600 });
}
