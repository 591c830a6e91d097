import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { LatticeError } from '../../src-shared/errors.ts';
import { childEnv } from './child-env.ts';

const run = promisify(execFile);

/** The nats-server version the app is built for. */
export const PINNED_VERSION = '2.14.5';

/** A nats-server that runs on this machine. */
export interface NatsBinary {
  path: string;
  version: string;
}

export interface BinarySearch {
  /** A path a person chose; when it does not work there is no second guess. */
  explicit?: string | undefined;
  env: NodeJS.ProcessEnv;
  /** The folder with `bin/<platform>-<arch>/nats-server` of a packaged app. */
  resourcesDir?: string | undefined;
  platform?: NodeJS.Platform;
  arch?: string;
}

interface Candidate {
  path: string;
  source: string;
}

/**
 * Finds the nats-server to run: chosen path, `LATTICE_NATS_SERVER`, bundled, cache of runtimes, then PATH.
 * @throws LatticeError `hub_failed` that lists what was tried and why it did not work.
 */
export async function findNatsServer(search: BinarySearch): Promise<NatsBinary> {
  const tried: string[] = [];
  for (const candidate of candidates(search)) {
    try {
      return { path: candidate.path, version: await readVersion(candidate.path) };
    } catch (error) {
      tried.push(`${candidate.source} (${candidate.path}): ${reasonOf(error)}`);
    }
  }
  throw new LatticeError('hub_failed', `No nats-server was found. Tried ${tried.join('; ')}.`, {
    hint: 'Run npm run provision, or set LATTICE_NATS_SERVER to a nats-server.',
    details: { tried },
  });
}

function candidates(search: BinarySearch): Candidate[] {
  const platform = search.platform ?? process.platform;
  const name = platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  const { env } = search;
  if (search.explicit) return [{ path: search.explicit, source: 'the chosen path' }];
  if (env.LATTICE_NATS_SERVER) return [{ path: env.LATTICE_NATS_SERVER, source: 'LATTICE_NATS_SERVER' }];
  const found: Candidate[] = [];
  if (search.resourcesDir) {
    const folder = `${platform}-${search.arch ?? process.arch}`;
    found.push({ path: join(search.resourcesDir, 'bin', folder, name), source: 'bundled' });
  }
  const cache = env.LATTICE_RUNTIME_DIR || join(env.HOME ?? homedir(), '.cache', 'lattice', 'runtimes');
  found.push({ path: join(cache, `nats-server-v${PINNED_VERSION}`, name), source: 'cache' });
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean))
    found.push({ path: join(folder, name), source: 'PATH' });
  return found;
}

async function readVersion(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error('is not a file');
  await access(path, constants.X_OK);
  const { stdout } = await run(path, ['--version'], {
    timeout: 5_000,
    windowsHide: true,
    env: childEnv(process.env),
  });
  const version = /nats-server: v?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  if (!version) throw new Error('does not say that it is a nats-server');
  return version;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'not there';
  if (code === 'EACCES') return 'not executable';
  if (typeof code === 'number') return `--version ended with exit code ${code}`;
  return error instanceof Error ? error.message : String(error);
}
