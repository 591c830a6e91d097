import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../src-shared/errors.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { SecretFiles } from '../secrets/secret-files.ts';
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
  secrets = new SecretFiles(),
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
    const { caFile, caKeyFile, certFile, keyFile } = files;
    const [known, server] = await Promise.all([readText(caFile), readPair(certFile, keyFile)]);
    processSecrets.add(server?.key);
    if (known !== undefined && isCurrent(known) && server && isCurrent(server.certificate))
      if (fits(server.certificate, known, hosts)) {
        // Reading the key of the CA moves it to where secrets are kept; who cannot open it has nothing to sign now.
        await secrets.read(caKeyFile).catch(() => undefined);
        return { caFile, certFile, keyFile, pin: pinOf(known) };
      }
    const ca = (await currentCa(known, caKeyFile, secrets)) ?? makeCa(CA_NAME);
    if (ca.certificate !== known) {
      await secrets.replace(caKeyFile, ca.key);
      await write(caFile, ca.certificate);
    }
    const made = makeServerCertificate(ca, CA_NAME, { hosts, days: SERVER_DAYS });
    processSecrets.add(made.key);
    await write(keyFile, made.key);
    await write(certFile, made.certificate);
    return { caFile, certFile, keyFile, pin: pinOf(ca.certificate) };
  } catch (error) {
    if (error instanceof LatticeError) throw error;
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

async function currentCa(certificate: string | undefined, keyFile: string, secrets: SecretFiles) {
  if (certificate === undefined || !isCurrent(certificate)) return undefined;
  const key = await secrets.read(keyFile);
  return key && { certificate, key: `${key.value}\n` };
}

function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

async function readPair(certFile: string, keyFile: string) {
  const [certificate, key] = await Promise.all([certFile, keyFile].map(readText));
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
  return hosts.every(
    (host) => (isIP(host) === 0 ? found.checkHost(host) : found.checkIP(host)) !== undefined,
  );
}

function write(file: string, text: string): Promise<void> {
  return writeFileAtomic(file, text, { mode: 0o600 });
}
