import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { safeEnvironment } from '../command-environment.ts';
import { KNOWN_RUNTIMES } from './known-runtimes.ts';
import type { RuntimeSpec } from './runtime-spec.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;
const FRESH_MS = 60_000;

/** What is known of a runtime on this machine. */
export interface RuntimePresence {
  runtime: string;
  title: string;
  state: 'installed' | 'missing' | 'broken';
  version: string | undefined;
  /** What to do when it is not usable, or why it is broken. */
  hint: string | undefined;
}

export interface PresenceCheckOptions {
  environment: NodeJS.ProcessEnv;
  /** ms since some start */
  now?: () => number;
}

/** Looks which runtimes are installed; an answer is good for a minute. */
export class PresenceCheck {
  readonly #options: PresenceCheckOptions;
  readonly #known = new Map<string, { at: number; presence: Promise<RuntimePresence> }>();

  constructor(options: PresenceCheckOptions) {
    this.#options = options;
  }

  /** All known runtimes. Never rejects. */
  all(): Promise<RuntimePresence[]> {
    return Promise.all(KNOWN_RUNTIMES.map((runtime) => this.of(runtime)));
  }

  /** One runtime. Never rejects; takes at most 10 s. */
  of(runtime: RuntimeSpec): Promise<RuntimePresence> {
    const now = (this.#options.now ?? (() => performance.now()))();
    const known = this.#known.get(runtime.name);
    if (known !== undefined && now - known.at < FRESH_MS) return known.presence;
    const presence = this.#look(runtime);
    this.#known.set(runtime.name, { at: now, presence });
    return presence;
  }

  async #look({ name, title, version, install }: RuntimeSpec): Promise<RuntimePresence> {
    const [program, ...args] = version;
    const env = safeEnvironment(this.#options.environment);
    try {
      const { stdout, stderr } = await run(program, args, {
        env,
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: 1024 ** 2,
        windowsHide: true,
      });
      const said = /\d+\.\d+\.\d+[^\s,;)]*/.exec(`${stdout}\n${stderr}`)?.[0];
      return { runtime: name, title, state: 'installed', version: said?.slice(0, 40), hint: undefined };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT')
        return { runtime: name, title, state: 'missing', version: undefined, hint: install };
      const killed = error instanceof Error && 'killed' in error && error.killed === true;
      const hint = killed
        ? `${program} did not say its version within ${TIMEOUT_MS / 1000} s.`
        : `${program} does not run: ${String(code)}.`;
      return { runtime: name, title, state: 'broken', version: undefined, hint };
    }
  }
}
