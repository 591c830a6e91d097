import { ulid } from 'ulid';
import { HUB_TLS_NAME } from '../src-main/access/hub-certificates.ts';
import { hubTargetOf } from '../src-main/config/hub-target.ts';
import { natsAuthOf, natsTlsOf } from '../src-main/config/nats-access.ts';
import { resolvePaths } from '../src-main/config/paths.ts';
import { loadStationConfig } from '../src-main/config/station-config.ts';
import { type NodeFile, runningStations } from '../src-main/config/station-home.ts';
import { inWordsOfJoining } from '../src-main/joining.ts';
import { MeshConnection, type MeshConnectionOptions } from '../src-main/mesh/connection.ts';
import { type MeshObserver, observeMesh } from '../src-main/mesh/mesh.ts';
import { borrowAuth } from '../src-main/secrets/auth-lender.ts';
import { Signing } from '../src-main/signing/signing.ts';
import { Disposables } from '../src-shared/disposables.ts';
import type { NatsAuth } from '../src-shared/protocol/auth.ts';
import type { GlobalOptions } from './globals.ts';
import { flagsOf } from './globals.ts';

/** A command's view of a lattice: connected, filled, and without a station of its own. */
export interface LatticeClient {
  org: string;
  /** The station of this user that runs on this machine, when the command found the lattice through it. */
  local: NodeFile | undefined;
  connection: MeshConnection;
  mesh: MeshObserver;
  /** Signs and checks messages where the hub asks for keys. */
  signing: Signing;
}

type Address = Pick<MeshConnectionOptions, 'url' | 'auth' | 'tls' | 'inboxPrefix'> & {
  org: string;
  local: NodeFile | undefined;
};

const DEFAULT_URL = 'nats://127.0.0.1:4222';

/** Connects, hands the lattice to `use`, and always closes again. */
export async function withLattice<T>(
  globals: GlobalOptions,
  use: (lattice: LatticeClient) => Promise<T>,
): Promise<T> {
  const { org, local, ...address } = await findLattice(globals);
  const id = ulid();
  // A command that speaks with the key of the station here gets its answers where that key may read them.
  const end = new Disposables();
  const connection = end.use(
    new MeshConnection({ ...address, kind: 'command', id, owner: local?.station_id }),
  );
  try {
    await connection.open().catch((error: unknown) => {
      throw local?.tls.serverName === HUB_TLS_NAME ? inWordsOfJoining(error) : error;
    });
    const { nc, owner, signingKey: key } = connection;
    const signing = end.use(await Signing.open({ nc, org, id: owner, key }));
    const mesh = end.use(await observeMesh({ connection, org, callerId: local?.station_id ?? id, signing }));
    return await use({ org, local, connection, mesh, signing });
  } finally {
    await end[Symbol.asyncDispose]();
  }
}

/** The address given by flag, environment or file; else the lattice of a station that runs here; else the default port. */
async function findLattice(globals: GlobalOptions): Promise<Address> {
  const paths = resolvePaths();
  const file = globals.config ?? paths.configFile;
  const loaded = await loadStationConfig({ file, env: process.env, flags: flagsOf(globals) });
  const { values, origins } = loaded;
  const auth = natsAuthOf(values);
  const tls = natsTlsOf(values);
  const [local] = await runningStations(paths.dataDir);
  const named = [origins.nats_url.origin, origins.nats_context.origin];
  if (local === undefined || named.some((origin) => origin === 'flag' || origin === 'environment')) {
    const target = await hubTargetOf(loaded, process.env);
    if (target !== undefined) {
      const same = local?.url === target.url ? local : undefined;
      const inboxPrefix = target.inboxPrefix ?? same?.inbox_prefix;
      return {
        url: target.url,
        auth: { ...(await authOf(same)), ...target.auth },
        tls: { ...same?.tls, ...target.tls },
        inboxPrefix,
        org: values.org,
        local: same,
      };
    }
  }
  if (local === undefined) return { url: DEFAULT_URL, auth, tls, org: values.org, local };
  const org = origins.org.origin === 'flag' || origins.org.origin === 'environment' ? values.org : local.org;
  return {
    url: local.url,
    auth: { ...(await authOf(local)), ...auth },
    tls: { ...local.tls, ...tls },
    inboxPrefix: local.inbox_prefix,
    org,
    local,
  };
}

/** What opens the hub of a station that runs here: files it names, and what it lends. */
async function authOf(local: NodeFile | undefined): Promise<NatsAuth> {
  if (local?.lender === undefined) return local?.auth ?? {};
  const { dir, address } = local.lender;
  return { ...local.auth, ...(await borrowAuth(dir, address)) };
}
