import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { safeEnvironment } from '../command-environment.ts';

const run = promisify(execFile);
const ARGV = ['unshare', '--user', '--map-current-user', '--net', '--'] as const;
let known: Promise<readonly string[] | undefined> | undefined;

/** What to put before a command so that it has no network; nothing where the platform does not allow it. */
export function withoutNetwork(): Promise<readonly string[] | undefined> {
  known ??= probe();
  return known;
}

async function probe(): Promise<readonly string[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [program, ...args] = ARGV;
  return run(program, [...args, 'true'], { env: safeEnvironment(process.env), timeout: 5_000 }).then(
    () => ARGV,
    () => undefined,
  );
}
