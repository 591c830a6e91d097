import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { natsAuthSchema, natsTlsSchema } from '../../src-shared/protocol/auth.ts';
import { loadIdentity } from '../mesh/identity.ts';
import { FolderLock, isLocked } from '../system/folder-lock.ts';
import { identify } from '../system/process-identity.ts';

/** What a running station leaves for the command line on the same machine; the file is for its owner alone (0600). */
const nodeFileSchema = z.object({
  url: z.string(),
  org: z.string(),
  mode: z.enum(['orchestrator', 'member', 'standalone']),
  station_id: z.string(),
  station_name: z.string(),
  project_dir: z.string(),
  started_at: z.iso.datetime(),
  /** Files that prove who we are; a secret that is in no such file is lent by the station while it runs. */
  auth: natsAuthSchema.pick({ credsFile: true, nkeyFile: true }),
  lender: z.object({ dir: z.string(), address: z.string() }).optional(),
  tls: natsTlsSchema,
  /** Where the answers to its user have to come to; absent when the hub leaves that to us. */
  inbox_prefix: z.string().optional(),
});
export type NodeFile = z.infer<typeof nodeFileSchema>;

/** The folder of one station's own state: identity, agents, hub. One process holds it at a time. */
export interface StationHome extends AsyncDisposable {
  dir: string;
  /** Tells the command line on this machine where this station is connected. */
  publish(node: NodeFile): Promise<void>;
  unpublish(): Promise<void>;
}

const MAX_STATIONS_PER_PROJECT = 64;

/**
 * Takes the state folder of the station of a project, so that a project keeps its station id over restarts.
 * A second process on the same project gets a second folder.
 */
export async function claimStationHome(dataDir: string, projectDir: string): Promise<StationHome> {
  await mkdir(projectDir, { recursive: true });
  const self = await identify(process.pid);
  if (self === undefined) throw new LatticeError('internal', 'This process cannot tell when it started.');
  const real = await realpath(projectDir);
  const slug =
    basename(real)
      .replaceAll(/[^A-Za-z0-9_-]/g, '-')
      .slice(0, 32) || 'root';
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 8);
  for (let slot = 1; slot <= MAX_STATIONS_PER_PROJECT; slot++) {
    const dir = join(dataDir, 'stations', slot === 1 ? `${slug}-${digest}` : `${slug}-${digest}-${slot}`);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const lock = new FolderLock(dir, 'station', self);
    try {
      await lock.acquire(undefined);
      return homeAt(dir, lock);
    } catch (error) {
      if (!(error instanceof LatticeError) || error.code !== 'conflict') throw error;
    }
  }
  throw new LatticeError('conflict', `${MAX_STATIONS_PER_PROJECT} stations already run for ${real}.`, {
    hint: 'Stop some of them first.',
  });
}

function homeAt(dir: string, lock: FolderLock): StationHome {
  const file = join(dir, 'node.json');
  const unpublish = () => rm(file, { force: true });
  return {
    dir,
    publish: (node) => writeFileAtomic(file, JSON.stringify(node), { mode: 0o600 }),
    unpublish,
    async [Symbol.asyncDispose]() {
      await unpublish();
      await lock.release();
    },
  };
}

/**
 * The id of the station of a project: of the one that runs, or the one that would run next.
 * @throws LatticeError `io_failed`.
 */
export async function stationIdOf(dataDir: string, projectDir: string): Promise<string> {
  const real = await realpath(projectDir).catch(() => projectDir);
  const running = await runningStations(dataDir);
  const own = await Promise.all(
    running.map(async (node) => (await realpath(node.project_dir).catch(() => '')) === real),
  );
  const found = running.find((_node, index) => own[index]);
  if (found !== undefined) return found.station_id;
  const home = await claimStationHome(dataDir, projectDir);
  try {
    return (await loadIdentity({ dataDir: home.dir, name: basename(real) })).id;
  } finally {
    await home[Symbol.asyncDispose]();
  }
}

/** The stations of this user that run on this machine now, the newest first. */
export async function runningStations(dataDir: string): Promise<NodeFile[]> {
  const root = join(dataDir, 'stations');
  const names = await readdir(root).catch(() => []);
  const found = await Promise.all(names.map((name) => readNodeFile(join(root, name))));
  return found.filter((node) => node !== undefined).sort((a, b) => b.started_at.localeCompare(a.started_at));
}

async function readNodeFile(dir: string): Promise<NodeFile | undefined> {
  if (!(await isLocked(dir, 'station'))) return undefined;
  try {
    return nodeFileSchema.parse(JSON.parse(await readFile(join(dir, 'node.json'), 'utf8')));
  } catch {
    return undefined;
  }
}
