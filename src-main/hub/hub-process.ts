import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LatticeError } from '../../src-shared/errors.ts';
import { keepOwnDescriptors } from '../system/own-descriptors.ts';
import { identify, isAlive, type ProcessIdentity } from '../system/process-identity.ts';
import { childEnv } from './child-env.ts';

/** A nats-server that runs, whether this process started it or found it. */
export interface HubProcess {
  identity: ProcessIdentity;
  adopted: boolean;
  /** Resolves with how it ended, in words. */
  exited: Promise<string>;
  /** Sends a signal to exactly this process; nothing happens when it is gone. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

export interface SpawnOptions {
  binary: string;
  configFile: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  onStderr: (line: string) => void;
}

/**
 * Starts nats-server with a config file.
 * @throws LatticeError `hub_failed` when the program cannot be run at all.
 */
export async function spawnHub(options: SpawnOptions): Promise<HubProcess> {
  keepOwnDescriptors();
  const child = spawn(options.binary, ['-c', options.configFile], {
    cwd: options.cwd,
    env: childEnv(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own group: Ctrl+C in a terminal is for us, and we stop the hub after the stations said goodbye.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.stdout.resume();
  createInterface({ input: child.stderr }).on('line', options.onStderr);
  const exited = new Promise<string>((resolve) => {
    child.once('close', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new LatticeError('hub_failed', `${options.binary} cannot be run.`, { cause: error });
  }
  const pid = child.pid ?? 0;
  return {
    identity: (await identify(pid)) ?? { pid, start_time: 'gone' },
    adopted: false,
    exited,
    signal: async (signal) => void child.kill(signal),
  };
}

/** Takes over a hub that an earlier process of ours started; its end is noticed within `watchMs`. */
export function adoptHub(identity: ProcessIdentity, watchMs: number): HubProcess {
  const exited = new Promise<string>((resolve) => {
    const look = async () => {
      if (!(await isAlive(identity))) resolve('an end nobody saw');
      else setTimeout(look, watchMs).unref();
    };
    void look();
  });
  return {
    identity,
    adopted: true,
    exited,
    signal: async (signal) => {
      if (!(await isAlive(identity))) return;
      try {
        process.kill(identity.pid, signal);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    },
  };
}

export interface StopOptions {
  /** Tells clients to leave first, so that they move without an error. */
  lameDuck: boolean;
  /** Milliseconds for the lame duck, and for the interrupt after it. */
  lameDuckMs: number;
  interruptMs: number;
}

/** Ends a hub: lame duck when wanted, then an interrupt, then by force. */
export async function stopHub(hub: HubProcess, options: StopOptions): Promise<void> {
  if (process.platform !== 'win32') {
    if (options.lameDuck) {
      await hub.signal('SIGUSR2');
      if (await endsWithin(hub, options.lameDuckMs)) return;
    }
    await hub.signal('SIGINT');
    if (await endsWithin(hub, options.interruptMs)) return;
  }
  await hub.signal('SIGKILL');
  if (await endsWithin(hub, options.interruptMs)) return;
  throw new LatticeError('hub_failed', `The hub (pid ${hub.identity.pid}) does not end.`);
}

async function endsWithin(hub: HubProcess, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([hub.exited.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
