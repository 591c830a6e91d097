import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../src-shared/errors.ts';
import type { NatsAuth, NatsTls } from '../src-shared/protocol/auth.ts';
import type { StationConfig } from './config/setting-table.ts';
import type { HubAuth, HubOptions } from './hub/hub-options.ts';

/** How a hub is shared: the token that lets others in, and whether the hub is open now. Kept in a 0600 file. */
const shareFileSchema = z.object({ token: z.string().min(20), shared: z.boolean() });
export type Share = z.infer<typeof shareFileSchema>;

/** Everything needed to run a hub and to connect to it as its own first station. */
export interface HostingPlan {
  hub: Pick<HubOptions, 'host' | 'port' | 'httpPort' | 'storeDir' | 'auth' | 'tls'>;
  ownAuth: NatsAuth;
  ownTls: NatsTls;
}

/** Reads how the hub of this user is shared; the token is made once. */
export async function loadShare(dataDir: string): Promise<Share> {
  const file = shareFile(dataDir);
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return shareFileSchema.parse(JSON.parse(text));
  } catch {
    return saveShare(dataDir, { token: randomBytes(24).toString('base64url'), shared: false });
  }
}

/** Keeps how the hub is shared, for the owner alone. */
export async function saveShare(dataDir: string, share: Share): Promise<Share> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFileAtomic(shareFile(dataDir), JSON.stringify(share), { mode: 0o600 });
  return share;
}

const shareFile = (dataDir: string) => join(dataDir, 'share.json');

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** What the settings and the share say about the hub; secrets of the settings win over the share's token. */
export function hostingPlan(config: StationConfig, share: Share, dataDir: string): HostingPlan {
  const auth = hubAuth(config, share);
  const tls =
    config.hub_tls_cert_file !== undefined && config.hub_tls_key_file !== undefined
      ? {
          certFile: config.hub_tls_cert_file,
          keyFile: config.hub_tls_key_file,
          caFile: config.hub_tls_ca_file,
        }
      : undefined;
  return {
    hub: {
      host: share.shared && isLoopback(config.hub_host) ? '0.0.0.0' : config.hub_host,
      port: config.port,
      httpPort: config.http_port,
      storeDir: config.store_dir ?? join(dataDir, 'nats'),
      auth,
      tls,
    },
    ownAuth: ownAuth(auth, share),
    ownTls: config.hub_tls_ca_file === undefined ? {} : { caFile: config.hub_tls_ca_file },
  };
}

/** A hub for this machine alone: loopback, any free port, its data in the station's own folder. */
export function privatePlan(share: Share, stationDir: string): HostingPlan {
  return {
    hub: {
      host: '127.0.0.1',
      port: 0,
      httpPort: 0,
      storeDir: join(stationDir, 'nats'),
      auth: undefined,
      tls: undefined,
    },
    ownAuth: { token: share.token },
    ownTls: {},
  };
}

function hubAuth(config: StationConfig, share: Share): HubAuth | undefined {
  if (config.hub_token !== undefined) return { kind: 'token', token: config.hub_token };
  if (config.hub_users !== undefined && config.hub_users.length > 0)
    return { kind: 'users', users: config.hub_users };
  return share.shared ? { kind: 'token', token: share.token } : undefined;
}

/** Our own station shows the share's token even while the hub asks for none, so that sharing does not cut it off. */
function ownAuth(auth: HubAuth | undefined, share: Share): NatsAuth {
  if (auth?.kind === 'users') return { ...auth.users[0] };
  return { token: auth?.kind === 'token' ? auth.token : share.token };
}

/** Where teammates reach a shared hub, without any secret: one address per network of this machine. */
export function joinAddresses(port: number, tls: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && address.family === 'IPv4')
    .map((address) => `${tls ? 'tls' : 'nats'}://${address.address}:${port}`);
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
