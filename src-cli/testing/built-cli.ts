import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { expectNoLeak, findSecretsIn } from '../../src-main/testing/find-secrets.ts';

const root = join(import.meta.dirname, '../..');

/** What a command prints with `--json`. */
export interface Answer<T> {
  ok: boolean;
  data: T;
  error: { code: string; message: string; hint?: string };
}

/** A command that has ended. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A station that runs until the end of the tests, with what it said when it was ready. */
export interface Served<T> {
  child: ChildProcess;
  ready: T;
  readyMs: number;
}

/** Whose profile a command uses, and in which folder it runs; that of the name where none is given. */
interface Place {
  home: string;
  cwd?: string | undefined;
}

/** The command line as it is built, with a profile and a folder for each name. Disposing it ends every station. */
export class BuiltCli implements AsyncDisposable {
  readonly folder: string;
  /** The script that runs as `lattice`. */
  readonly script: string;
  readonly #served: ChildProcess[] = [];

  private constructor(folder: string, script: string) {
    this.folder = folder;
    this.script = script;
  }

  static async build(): Promise<BuiltCli> {
    // Below the project, so that the bundle is a module of this package.
    const outDir = await mkdtemp(join(root, 'node_modules', '.lattice-cli-'));
    await build({
      root,
      configFile: join(root, 'vite.cli.config.ts'),
      logLevel: 'error',
      build: { outDir, minify: false },
    });
    return new BuiltCli(await mkdtemp(join(tmpdir(), 'lattice-cli-')), join(outDir, 'lattice.js'));
  }

  environment(home: string): NodeJS.ProcessEnv {
    const { LATTICE_NATS_SERVER, PATH, HOME } = process.env;
    return { LATTICE_NATS_SERVER, PATH, HOME, LATTICE_HOME: join(this.folder, `home-${home}`) };
  }

  /** Runs a command to its end; nobody is at its terminal. */
  async run(args: readonly string[], place: Place): Promise<Finished> {
    const child = execFile(process.execPath, [this.script, ...args], {
      cwd: await this.#folderOf(place),
      env: this.environment(place.home),
      maxBuffer: 64 * 1_048_576,
    });
    child.stdin?.end();
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk: string) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, stdout, stderr };
  }

  async json<T>(args: readonly string[], place: Place): Promise<Answer<T>> {
    const { stdout } = await this.run([...args, '--json'], place);
    return JSON.parse(stdout);
  }

  /** Starts a station; resolves when it is ready. @throws what it says when it cannot start. */
  async stay<T>(args: readonly string[], place: Place): Promise<Served<T>> {
    const cwd = await this.#folderOf(place);
    const started = performance.now();
    const child = spawn(process.execPath, [this.script, ...args, '--json'], {
      cwd,
      env: this.environment(place.home),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#served.push(child);
    for await (const line of createInterface({ input: child.stdout })) {
      const answer: Answer<T> = JSON.parse(line);
      if (!answer.ok) throw new Error(answer.error.message);
      return { child, ready: answer.data, readyMs: performance.now() - started };
    }
    throw new Error('It ended at once.');
  }

  /** Ends what runs, looks that nothing of it is left and that it left no secret, and removes its folders. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#served.splice(0).reverse()) await end(child, 'SIGTERM');
    const left = await this.#leftovers();
    if (left.length > 0) throw new Error(`Processes are left: ${left.join('\n')}`);
    expectNoLeak(findSecretsIn(this.folder));
    await rm(this.folder, { recursive: true });
    await rm(join(this.script, '..'), { recursive: true });
  }

  async #folderOf({ home, cwd = join(this.folder, home) }: Place): Promise<string> {
    await mkdir(cwd, { recursive: true });
    return cwd;
  }

  /** Command lines that still name our folder. */
  async #leftovers(): Promise<string[]> {
    if (!existsSync('/proc')) return [];
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    return lines.filter((line) => line.includes(this.folder));
  }
}

/** Ends a process with a signal, unless it has ended; gives its exit code. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  await once(child, 'exit');
  return child.exitCode;
}
