import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { actorName } from '../../src-shared/tracker/actor.ts';
import type { TrackerEvent } from '../../src-shared/tracker/event.ts';
import { serialiseLine } from '../../src-shared/tracker/serialise.ts';
import { safeEnvironment } from '../agents/command-environment.ts';
import { keepOwnDescriptors } from '../system/own-descriptors.ts';

/** The commands that a board's config names, as they stand there. */
export interface BoardHooks {
  readonly post_event?: string | null | undefined;
  readonly on?: Readonly<Record<string, string>> | undefined;
  readonly transitions?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

export interface HookRunnerOptions {
  /** The folder that holds `.lattice`; hooks run in it and get it as `LATTICE_ROOT`. */
  root: string;
  /** Hears of each hook that failed or took too long, in one sentence. */
  failed: (message: string) => void;
  /** How long one hook may take, in milliseconds; 10 s without it. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/** Runs the hooks of a board one after the other, behind the writes: a hook that fails changes nothing about the write. */
export class HookRunner implements AsyncDisposable {
  readonly #options: HookRunnerOptions;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: HookRunnerOptions) {
    this.#options = options;
  }

  /** Runs what the config wants for an event, after everything that was asked before. */
  run(hooks: BoardHooks, event: TrackerEvent): void {
    for (const command of commandsFor(hooks, event))
      this.#queue = this.#queue.then(() => this.#execute(command, event));
  }

  /** Waits until every hook has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue;
  }

  async #execute(command: string, event: TrackerEvent): Promise<void> {
    const ownGroup = process.platform !== 'win32';
    keepOwnDescriptors();
    const child = spawn(command, {
      cwd: this.#options.root,
      shell: true,
      detached: ownGroup,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...safeEnvironment(process.env), ...environment(this.#options.root, event) },
    });
    const timeoutMs = this.#options.timeoutMs ?? TIMEOUT_MS;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop(child.pid, ownGroup, () => child.kill('SIGKILL'));
    }, timeoutMs);
    // A hook that does not read its input closes the pipe early, which is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(serialiseLine(event));
    try {
      const [code] = await once(child, 'exit');
      if (late)
        this.#options.failed(`The hook "${command}" took longer than ${timeoutMs / 1000} s and was ended.`);
      else if (code !== 0) this.#options.failed(`The hook "${command}" failed (exit code ${code}).`);
    } catch (error) {
      this.#options.failed(`The hook "${command}" did not start: ${String(error)}.`);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Ends the shell and what it started. */
function stop(pid: number | undefined, ownGroup: boolean, kill: () => void): void {
  try {
    if (ownGroup && pid !== undefined) process.kill(-pid, 'SIGKILL');
    else kill();
  } catch {
    kill();
  }
}

/** The commands for an event in the order of the format: any event, its type, and the transition from exact to any. */
export function commandsFor(hooks: BoardHooks, event: TrackerEvent): string[] {
  const commands = [hooks.post_event, own(hooks.on, event.type)];
  if (event.type === 'status_changed') {
    const { from, to } = event.data;
    for (const key of [`${from} -> ${to}`, `* -> ${to}`, `${from} -> *`, '* -> *'])
      commands.push(...[own(hooks.transitions, key) ?? []].flat());
  }
  return commands.filter(
    (command): command is string => typeof command === 'string' && command.trim() !== '',
  );
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function environment(root: string, event: TrackerEvent): Record<string, string> {
  const status = event.type === 'status_changed';
  return {
    LATTICE_ROOT: root,
    LATTICE_TASK_ID: event.task_id ?? '',
    LATTICE_EVENT_TYPE: event.type,
    LATTICE_EVENT_ID: event.id,
    LATTICE_ACTOR: actorName(event.actor),
    LATTICE_FROM_STATUS: status ? String(event.data.from ?? '') : '',
    LATTICE_TO_STATUS: status ? String(event.data.to ?? '') : '',
  };
}
