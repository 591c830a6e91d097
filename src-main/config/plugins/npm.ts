import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LatticeError } from '../../../src-shared/errors.ts';

/** How much of what npm says is kept, in characters. */
const KEPT = 20_000;
const LIMIT_MS = 600_000;

export interface NpmOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
}

/**
 * Runs npm without a shell and without scripts of packages, and gives what it wrote to stdout.
 * @throws LatticeError `runner_unavailable` when there is no npm, `io_failed` with its last words, `timeout`, `cancelled`.
 */
export function npm(args: readonly string[], options: NpmOptions): Promise<string> {
  const [program, ...before] = npmCommand(options.env);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...before, ...args, ...quiet], {
      cwd: options.cwd,
      env: withoutOurs(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      timeout: LIMIT_MS,
    });
    let said = '';
    let wrong = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, KEPT);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      wrong = (wrong + chunk.toString()).slice(-KEPT);
    });
    child.on('error', (cause) => reject(notStarted(cause, options.signal)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(said);
      else if (signal !== null && options.signal?.aborted !== true)
        reject(new LatticeError('timeout', `npm ${args[0]} was stopped after ${LIMIT_MS / 60_000} minutes.`));
      else reject(failed(args[0] ?? '', wrong));
    });
  });
}

function notStarted(cause: Error, signal: AbortSignal | undefined): LatticeError {
  if (signal?.aborted) return new LatticeError('cancelled', 'npm was stopped.', { cause });
  return new LatticeError('runner_unavailable', 'There is no npm on this machine, and plugins need it.', {
    hint: 'npm comes with Node.js.',
    cause,
  });
}

function failed(action: string, words: string): LatticeError {
  const lines = words
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!)( code)? ?/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log'));
  return new LatticeError('io_failed', `npm ${action} failed: ${lines.slice(0, 2).join(': ')}`, {
    hint: lines.slice(2, 6).join('\n') || 'See the versions with: npm view <name> versions',
  });
}

/** npm gets nothing that belongs to a lattice. */
function withoutOurs(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(LATTICE_|STN_|NATS_)/.test(name) && !/^npm_(package|lifecycle)_/.test(name),
    ),
  );
}

/** The npm of the Node that runs, which needs no shell on any system; otherwise the one on the path. */
function npmCommand(env: Readonly<Record<string, string | undefined>>): [string, ...string[]] {
  const bin = dirname(process.execPath);
  const places = [
    env.npm_execpath ?? '',
    join(bin, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(bin, 'node_modules/npm/bin/npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ];
  const script = places.find((place) => place.endsWith('npm-cli.js') && existsSync(place));
  return script === undefined ? ['npm'] : [process.execPath, script];
}
