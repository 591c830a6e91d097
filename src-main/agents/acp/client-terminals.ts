import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { LatticeError } from '../../../src-shared/errors.ts';
import { keepOwnDescriptors } from '../../system/own-descriptors.ts';
import { endGroup } from '../process-group.ts';

/** Output that is kept for the runtime when it names no limit, in bytes. */
const DEFAULT_LIMIT = 1024 ** 2;
const MAX_LIMIT = 4 * 1024 ** 2;
const MAX_OPEN = 16;
const KILL_AFTER_MS = 1_000;

/** How a command ended. */
interface TerminalExit {
  exitCode: number | null;
  signal: string | null;
}

interface Terminal {
  child: ChildProcess;
  output: Buffer;
  limit: number;
  truncated: boolean;
  exit: TerminalExit | undefined;
  ended: Promise<TerminalExit>;
}

export interface ClientTerminalsOptions {
  env: Readonly<Record<string, string>>;
  /** Put before every command, for what the platform can keep from it. */
  wrapper: readonly string[];
  /** Output as it comes. */
  onOutput(id: string, text: string): void;
}

/** The commands a runtime runs through us: in their own process groups, without the runtime's key, ended with the run. */
export class ClientTerminals implements AsyncDisposable {
  readonly #options: ClientTerminalsOptions;
  readonly #terminals = new Map<string, Terminal>();
  #count = 0;

  constructor(options: ClientTerminalsOptions) {
    this.#options = options;
  }

  /** Starts a command in `cwd`; returns its id. @throws LatticeError `busy`, `agent_failed`. */
  async create(command: {
    command: string;
    args: readonly string[];
    env: Readonly<Record<string, string>>;
    cwd: string;
    limit: number | undefined;
  }): Promise<string> {
    if (this.#terminals.size >= MAX_OPEN)
      throw new LatticeError('busy', `${MAX_OPEN} terminals are open already.`);
    const [program = '', ...args] = [...this.#options.wrapper, ...argvOf(command)];
    keepOwnDescriptors();
    const child = spawn(program, args, {
      cwd: command.cwd,
      env: { ...this.#options.env, ...command.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new LatticeError('agent_failed', `Cannot start ${command.command}.`, { cause: error });
    }
    const id = `terminal-${++this.#count}`;
    const limit = Math.min(MAX_LIMIT, Math.max(1, command.limit ?? DEFAULT_LIMIT));
    const ended = new Promise<TerminalExit>((resolve) => {
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    const terminal: Terminal = {
      child,
      output: Buffer.alloc(0),
      limit,
      truncated: false,
      exit: undefined,
      ended,
    };
    this.#terminals.set(id, terminal);
    void ended.then((exit) => {
      terminal.exit = exit;
    });
    child.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new TextDecoder();
      stream?.on('data', (chunk: Buffer) => {
        keep(terminal, chunk);
        this.#options.onOutput(id, decoder.decode(chunk, { stream: true }));
      });
    }
    return id;
  }

  /** What a command printed so far, from its end when it is long. @throws LatticeError `not_found`. */
  output(id: string): { output: string; truncated: boolean; exitStatus?: TerminalExit } {
    const { output, truncated, exit } = this.#get(id);
    const text = output.toString('utf8').replace(/^\uFFFD+/, '');
    return { output: text, truncated, ...(exit === undefined ? {} : { exitStatus: exit }) };
  }

  /** Resolves when the command has ended. @throws LatticeError `not_found`. */
  async wait(id: string): Promise<TerminalExit> {
    return this.#get(id).ended;
  }

  /** Ends a command; what it printed stays readable. @throws LatticeError `not_found`. */
  async kill(id: string): Promise<void> {
    await end(this.#get(id));
  }

  /** Ends a command and forgets it. @throws LatticeError `not_found`. */
  async release(id: string): Promise<void> {
    const terminal = this.#get(id);
    this.#terminals.delete(id);
    await end(terminal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const terminals = [...this.#terminals.values()];
    this.#terminals.clear();
    await Promise.all(terminals.map(end));
  }

  #get(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (terminal) return terminal;
    throw new LatticeError('not_found', `There is no terminal ${id}.`);
  }
}

/** Some runtimes give a whole command line in place of a program; only a shell can read that. */
function argvOf({ command, args }: { command: string; args: readonly string[] }): readonly string[] {
  if (args.length > 0 || !/\s/.test(command)) return [command, ...args];
  return process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', command] : ['sh', '-c', command];
}

function keep(terminal: Terminal, chunk: Buffer): void {
  const whole = Buffer.concat([terminal.output, chunk]);
  terminal.truncated ||= whole.length > terminal.limit;
  terminal.output = whole.subarray(-terminal.limit);
}

async function end({ child }: Terminal): Promise<void> {
  if (child.pid !== undefined) await endGroup(child.pid, KILL_AFTER_MS);
  child.stdout?.destroy();
  child.stderr?.destroy();
}
