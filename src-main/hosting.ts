import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { assertNever, LatticeError } from '../src-shared/errors.ts';
import { present } from '../src-shared/present.ts';
import type { NatsAuth, NatsTls } from '../src-shared/protocol/auth.ts';
import { type DeviceKey, keyAuth } from './access/device-key.ts';
import { HUB_TLS_NAME, type HubCertificates, hubCertificates } from './access/hub-certificates.ts';
import { hubUsers } from './access/hub-users.ts';
import { stationKey } from './access/membership.ts';
import { Roster } from './access/roster.ts';
import type { StationConfig } from './config/setting-table.ts';
import { loadGuest, type StoredGuest } from './guests/guest-lattice.ts';
import { GuestList } from './guests/guest-list.ts';
import { HOME_ACCOUNT } from './hub/accounts.ts';
import { type HubAuth, type HubOptions, type HubTls, isLoopback } from './hub/hub-options.ts';
import { everyAddress } from './join-addresses.ts';
import type { HostChange } from './node-options.ts';
import type { SecretFiles } from './secrets/secret-files.ts';

/** Whether the hub is open to the network now. */
const shareFileSchema = z.object({ shared: z.boolean() });

/** What a hub of this user is made of, beside its settings. */
export interface HostingParts {
  /** The folder of all of it. */
  dataDir: string;
  shared: boolean;
  certificates: HubCertificates;
  roster: Roster;
  /** The key of the station that hosts. */
  key: DeviceKey;
  /** The lattices of others on this hub. */
  guests: { list: GuestList; stored: StoredGuest[] };
}

/** Everything needed to run a hub and to connect to it as its own first station. */
export interface HostingPlan {
  hub: Pick<HubOptions, 'host' | 'port' | 'httpPort' | 'storeDir' | 'auth' | 'tls' | 'account'>;
  ownAuth: NatsAuth;
  ownTls: NatsTls;
  /** Whether the hub tells devices apart by their keys; not when the settings name a token, users or TLS files. */
  byKey: boolean;
}

/** Reads or makes what a hub of this user needs. @throws LatticeError `io_failed`, and as `deviceKey`. */
export async function loadHosting(
  dataDir: string,
  stationDir: string,
  secrets?: SecretFiles | undefined,
): Promise<HostingParts> {
  const [shared, certificates, roster, key, list] = await Promise.all([
    loadShared(dataDir),
    hubCertificates(dataDir, undefined, secrets),
    Roster.open(join(dataDir, 'access.json')),
    stationKey(stationDir, secrets),
    GuestList.open(join(dataDir, 'guests.json')),
  ]);
  const stored = await Promise.all(list.guests.map((guest) => loadGuest(dataDir, guest, secrets)));
  return { dataDir, shared, certificates, roster, key, guests: { list, stored } };
}

async function loadShared(dataDir: string): Promise<boolean> {
  try {
    return shareFileSchema.parse(JSON.parse(await readFile(shareFile(dataDir), 'utf8'))).shared;
  } catch {
    return false;
  }
}

/** Keeps whether the hub is shared, over a restart. */
export async function saveShared(dataDir: string, shared: boolean): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFileAtomic(shareFile(dataDir), JSON.stringify({ shared }), { mode: 0o600 });
}

const shareFile = (dataDir: string) => join(dataDir, 'share.json');

/** What the settings say about the hub; a token, users or TLS files that somebody set by hand win over our own. */
export function hostingPlan(config: StationConfig, parts: HostingParts, dataDir: string): HostingPlan {
  const { shared, certificates, key } = parts;
  const handAuth = authOfSettings(config);
  const handTls = tlsOfSettings(config);
  const open = shared || !isLoopback(config.hub_host);
  const ownTls = open && handTls === undefined && (shared || handAuth === undefined);
  const auth = handAuth ?? (open ? usersOf(config, parts) : undefined);
  return {
    hub: {
      account: HOME_ACCOUNT,
      host: shared && isLoopback(config.hub_host) ? everyAddress() : config.hub_host,
      port: config.port,
      httpPort: config.http_port,
      storeDir: config.store_dir ?? join(dataDir, 'nats'),
      auth,
      tls:
        handTls ?? (ownTls ? { certFile: certificates.certFile, keyFile: certificates.keyFile } : undefined),
    },
    ownAuth: ownAuth(auth, key),
    ownTls: ownTls
      ? { caFile: certificates.caFile, serverName: HUB_TLS_NAME }
      : present({ caFile: config.hub_tls_ca_file }),
    byKey: handAuth === undefined && handTls === undefined,
  };
}

/** A hub for this machine alone: loopback, any free port, its data in the station's own folder. */
export function privatePlan(stationDir: string): HostingPlan {
  return {
    hub: {
      account: HOME_ACCOUNT,
      host: '127.0.0.1',
      port: 0,
      httpPort: 0,
      storeDir: join(stationDir, 'nats'),
      auth: undefined,
      tls: undefined,
    },
    ownAuth: {},
    ownTls: {},
    byKey: false,
  };
}

function usersOf({ org }: StationConfig, { roster, key }: HostingParts): HubAuth {
  const { devices, invitations } = roster;
  return hubUsers({ org, hostKey: key.publicKey, devices, invitations });
}

function authOfSettings(config: StationConfig): HubAuth | undefined {
  if (config.hub_token !== undefined) return { kind: 'token', token: config.hub_token };
  if (config.hub_users !== undefined && config.hub_users.length > 0)
    return { kind: 'users', users: config.hub_users };
  return undefined;
}

function tlsOfSettings(config: StationConfig): HubTls | undefined {
  if (config.hub_tls_cert_file === undefined || config.hub_tls_key_file === undefined) return undefined;
  return {
    certFile: config.hub_tls_cert_file,
    keyFile: config.hub_tls_key_file,
    caFile: config.hub_tls_ca_file,
  };
}

/** How our own station proves itself; a hub that asks for nothing would refuse a key that it does not know. */
function ownAuth(auth: HubAuth | undefined, key: DeviceKey): NatsAuth {
  switch (auth?.kind) {
    case undefined:
      return {};
    case 'users':
      return { ...auth.users[0] };
    case 'token':
      return { token: auth.token };
    case 'nkeys':
      return keyAuth(key);
    default:
      return assertNever(auth);
  }
}

/** An address with the secret in it, for the clipboard alone. @throws LatticeError `invalid_input` for other text. */
export function withSecret(address: string, auth: HubAuth | undefined): string {
  if (!URL.canParse(address)) throw new LatticeError('invalid_input', `${address} is not an address.`);
  const url = new URL(address);
  if (auth?.kind === 'token') url.username = auth.token;
  if (auth?.kind === 'users') {
    url.username = auth.users[0]?.user ?? '';
    url.password = auth.users[0]?.password ?? '';
  }
  return url.href;
}

/** A plan with other ports than the settings say. */
export function withPorts(plan: HostingPlan, change: Pick<HostChange, 'port' | 'http_port'>): HostingPlan {
  const { port = plan.hub.port, http_port: httpPort = plan.hub.httpPort } = change;
  return { ...plan, hub: { ...plan.hub, port, httpPort } };
}
