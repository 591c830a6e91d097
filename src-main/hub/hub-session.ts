import { LatticeError } from '../../src-shared/errors.ts';
import { FolderLock } from '../system/folder-lock.ts';
import { identify, type ProcessIdentity } from '../system/process-identity.ts';
import { endUnrecorded, findOrphan, fits, portsOf } from './adoption.ts';
import { findNatsServer, type NatsBinary } from './binary.ts';
import { type GuestRoom, guestRoom } from './guest-room.ts';
import type { HubLog } from './hub-log.ts';
import { accountOf, type HubOptions, secretsOf } from './hub-options.ts';
import { stopHub } from './hub-process.ts';
import type { HubTiming } from './hub-timing.ts';
import {
  checkConfig,
  configText,
  type HubPorts,
  launch,
  monitorUrl,
  prepareFolders,
  type RunningHub,
  recordOf,
  writeConfig,
} from './launcher.ts';
import { stationOfConnection } from './metrics.ts';
import { connzSchema, readMonitor } from './monitor-client.ts';
import { choosePorts, monitorNotices } from './port-choice.ts';
import { reloadHub } from './reload.ts';
import { removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts';
import { moveToAccount } from './store-account.ts';

const LAUNCH_TRIES = 3;

/** A hub that serves, with what a person should know about its ports. */
export interface Started {
  running: RunningHub;
  notices: string[];
}

/** The time in which the folders of a hub are ours: its locks, its binary and the ports it keeps. */
export class HubSession {
  readonly binary: NatsBinary;
  readonly #timing: HubTiming;
  readonly #log: HubLog;
  readonly #runtimeDir: string;
  readonly #locks: { store: FolderLock; runtime: FolderLock };
  #kept: Partial<HubPorts> = {};
  #orphan: RunningHub | undefined;
  #room: GuestRoom = {};

  private constructor(
    options: HubOptions,
    timing: HubTiming,
    log: HubLog,
    binary: NatsBinary,
    locks: { store: FolderLock; runtime: FolderLock },
    orphan: RunningHub | undefined,
  ) {
    this.binary = binary;
    this.#runtimeDir = options.runtimeDir;
    this.#timing = timing;
    this.#log = log;
    this.#locks = locks;
    this.#orphan = orphan;
  }

  /**
   * Finds the server, prepares the folders and locks them.
   * @throws LatticeError `hub_failed` without a server, `io_failed`, or `conflict` when another hub has the folders.
   */
  static async open(options: HubOptions, timing: HubTiming, log: HubLog): Promise<HubSession> {
    const { resourcesDir, env = process.env } = options;
    const binary = await findNatsServer({ explicit: options.binary, env, resourcesDir });
    await prepareFolders(options);
    await log.start();
    const self = await ownIdentity();
    const orphan = await findOrphan(options, timing);
    const store = new FolderLock(options.storeDir, 'store', self);
    const runtime = new FolderLock(options.runtimeDir, 'runtime', self);
    await store.acquire(orphan?.process.identity);
    try {
      await runtime.acquire(undefined);
      if (!orphan) await endUnrecorded(options.runtimeDir, timing);
    } catch (error) {
      await store.release();
      throw error;
    }
    return new HubSession(options, timing, log, binary, { store, runtime }, orphan);
  }

  /** Adopts the hub we left running when it is what the options ask for; replaces it when not; else starts one. */
  async begin(options: HubOptions, signal: AbortSignal): Promise<Started> {
    const orphan = this.#orphan;
    this.#orphan = undefined;
    if (!orphan) return this.launch(options, signal);
    this.#room = await guestRoom(options.storeDir, options.guests);
    if (fits(orphan, this.#whole(options), this.binary)) {
      await this.#locks.store.assign(orphan.process.identity);
      this.#kept = orphan.ports;
      return { running: orphan, notices: await monitorNotices(options, orphan.ports) };
    }
    await this.halt(orphan, options.ownStation);
    this.#kept = portsOf(orphan, options);
    return this.launch(options, signal);
  }

  /** Starts a server on the given ports, on those it had before, or on those of the options. */
  async launch(options: HubOptions, signal: AbortSignal, wanted = this.#kept): Promise<Started> {
    const left = await moveToAccount(options.storeDir, accountOf(options));
    this.#room = await guestRoom(options.storeDir, options.guests);
    for (let round = 1; ; round += 1) {
      const { ports, notices } = await choosePorts(options, wanted);
      try {
        const running = await launch({
          options: this.#whole(options),
          timing: this.#timing,
          binary: this.binary,
          ports,
          log: this.#log,
          signal,
          onSpawn: async (record) => {
            await writeRuntimeFile(this.#runtimeDir, record);
            await this.#locks.store.assign({ pid: record.pid, start_time: record.start_time });
          },
        });
        this.#kept = ports;
        return { running, notices: [...notices, ...left] };
      } catch (error) {
        // Somebody took a port between our look and the server's; the next choice says who, or takes another.
        const raced = error instanceof Error && /address already in use|Only one usage/.test(error.message);
        if (!raced || round === LAUNCH_TRIES) throw error;
      }
    }
  }

  /**
   * Lets the server read the config of these options without using it.
   * @throws LatticeError `invalid_input` with what it says.
   */
  async check(options: HubOptions, ports: HubPorts): Promise<void> {
    await checkConfig(
      this.binary,
      this.#runtimeDir,
      configText(this.#whole(options), ports, this.binary.version),
      secretsOf(options.auth),
    );
  }

  /** Changes a running hub without a restart; undefined when it did not take the change. */
  async reload(running: RunningHub, options: HubOptions): Promise<RunningHub | undefined> {
    const { process: hub, ports } = running;
    const whole = this.#whole(options);
    await writeConfig(this.#runtimeDir, configText(whole, ports, this.binary.version));
    if (!(await reloadHub(running, this.#timing))) return undefined;
    const record = recordOf(hub.identity, whole, ports, this.binary.version);
    await writeRuntimeFile(this.#runtimeDir, record);
    return { process: hub, ports, record };
  }

  /** Ends a hub, as a lame duck while stations of others are attached. */
  async halt(running: RunningHub, ownStation: string | undefined): Promise<void> {
    await stopHub(running.process, {
      lameDuck: await hasGuests(running, ownStation),
      lameDuckMs: this.#timing.lameDuck,
      interruptMs: this.#timing.interrupt,
    });
  }

  /** The options with the room of the last start: a running server does not take another. */
  #whole(options: HubOptions): HubOptions {
    return { ...options, room: this.#room };
  }

  /** Gives the folders free; the hub must be gone. */
  async close(): Promise<void> {
    await removeRuntimeFile(this.#runtimeDir);
    await this.#locks.runtime.release();
    await this.#locks.store.release();
  }
}

async function hasGuests(running: RunningHub, ownStation: string | undefined): Promise<boolean> {
  try {
    const { connections } = await readMonitor(monitorUrl(running.ports), '/connz?limit=10000', connzSchema);
    return connections.some(({ name }) => {
      const station = stationOfConnection(name);
      return station !== undefined && station !== ownStation;
    });
  } catch {
    return false;
  }
}

async function ownIdentity(): Promise<ProcessIdentity> {
  const self = await identify(process.pid);
  if (!self) throw new LatticeError('io_failed', 'The system does not tell when this process started.');
  return self;
}
