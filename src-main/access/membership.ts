import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { joinLinkSchema } from '../../src-shared/join-link.ts';
import type { NatsTls } from '../../src-shared/protocol/auth.ts';
import { grantSchema } from '../../src-shared/protocol/enrol.ts';
import type { SecretFiles } from '../secrets/secret-files.ts';
import { type DeviceKey, deviceKey } from './device-key.ts';
import { HUB_TLS_NAME } from './hub-certificates.ts';

const membershipSchema = grantSchema.extend({
  hosts: joinLinkSchema.shape.hosts,
  pin: joinLinkSchema.shape.pin,
  joined_at: z.iso.datetime(),
});

/** The lattice that a station was let into by a link: where it is, and as what. It holds no secret. */
export type Membership = z.infer<typeof membershipSchema>;

const fileIn = (dir: string) => join(dir, 'membership.json');
const caFileIn = (dir: string) => join(dir, 'hub-ca.pem');

/** The key of the station whose folder this is. @throws LatticeError as `deviceKey`. */
export function stationKey(dir: string, secrets?: SecretFiles | undefined): Promise<DeviceKey> {
  return deviceKey(join(dir, 'device.nk'), secrets);
}

/** The lattice this station was let into, or undefined; a damaged file counts as none. */
export async function readMembership(dir: string): Promise<Membership | undefined> {
  try {
    return membershipSchema.parse(JSON.parse(await readFile(fileIn(dir), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function keepMembership(dir: string, membership: Membership): Promise<void> {
  await writeFileAtomic(fileIn(dir), JSON.stringify(membership), { mode: 0o600 });
}

/** Keeps the CA of the hub, so that the connection trusts it and no other. */
export async function keepHubCa(dir: string, pem: string): Promise<NatsTls> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFileAtomic(caFileIn(dir), pem, { mode: 0o600 });
  return { caFile: caFileIn(dir), serverName: HUB_TLS_NAME };
}

/** Forgets the lattice; the key stays, so that the same station can be let in again. */
export async function forgetMembership(dir: string): Promise<void> {
  await rm(fileIn(dir), { force: true });
  await rm(caFileIn(dir), { force: true });
}

/** Where the hub of a membership is now. @throws LatticeError `not_connected`, `unsafe`, `io_failed`. */
export async function memberAddress(
  dir: string,
  { hosts, pin }: Pick<Membership, 'hosts' | 'pin'>,
  reach: (hosts: readonly string[], pin: string) => Promise<{ host: string; ca: string }>,
): Promise<{ url: string; tls: NatsTls }> {
  const { host, ca } = await reach(hosts, pin);
  return { url: `tls://${host}`, tls: await keepHubCa(dir, ca) };
}
