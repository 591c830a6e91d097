import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../src-shared/errors.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import type { ProcessIdentity } from '../system/process-identity.ts';
import type { NatsBinary } from './binary.ts';
import { childEnv } from './child-env.ts';
import { atLeast } from './features.ts';
import { address, configHash, LOG_FILES, renderConfig } from './hub-config.ts';
import type { HubLog } from './hub-log.ts';
import { type HubOptions, reachableHost } from './hub-options.ts';
import { type HubProcess, spawnHub, stopHub } from './hub-process.ts';
import type { HubTiming } from './hub-timing.ts';
import { pruneLogBackups } from './log-backups.ts';
import { waitReady } from './readiness.ts';
import type { RuntimeRecord } from './runtime-file.ts';

const run = promisify(execFile);

/** The real ports of a hub. */
export interface HubPorts {
  client: number;
  monitor: number;
}

/** A hub that serves. */
export interface RunningHub {
  process: HubProcess;
  ports: HubPorts;
  record: RuntimeRecord;
}

export interface LaunchRequest {
  options: HubOptions;
  timing: HubTiming;
  binary: NatsBinary;
  ports: HubPorts;
  log: HubLog;
  signal: AbortSignal;
  /** Called as soon as the process is there, before it is ready, so that a crash of ours leaves a trace to it. */
  onSpawn: (record: RuntimeRecord) => Promise<void>;
}

export const monitorUrl = (ports: HubPorts) => `http://127.0.0.1:${ports.monitor}`;

/** The address for clients on this machine; it holds no secret. */
export function clientUrl(options: HubOptions, ports: HubPorts): string {
  return `${options.tls ? 'tls' : 'nats'}://${address(reachableHost(options.host), ports.client)}`;
}

/** The config file of the hub of a folder. */
export const configFileIn = (runtimeDir: string) => join(runtimeDir, 'nats-server.conf');

/** The config of these options on these ports, as text. */
export function configText(options: HubOptions, ports: HubPorts, serverVersion: string): string {
  return renderConfig({ ...options, port: ports.client, httpPort: ports.monitor, serverVersion });
}

/** What the next start needs to know of a process with this config. */
export function recordOf(
  identity: ProcessIdentity,
  options: HubOptions,
  ports: HubPorts,
  version: string,
): RuntimeRecord {
  const hash = configHash(configText(options, ports, version));
  return { ...identity, server_name: options.serverName, ports, version, config_hash: hash };
}

/**
 * Makes the folders of the hub.
 * @throws LatticeError `io_failed` that names the folder.
 */
export async function prepareFolders(options: HubOptions): Promise<void> {
  const folders: [string, string][] = [
    ['store', options.storeDir],
    ['runtime', options.runtimeDir],
    ['log', dirname(options.logFile)],
  ];
  for (const [what, folder] of folders) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : error;
      throw new LatticeError('io_failed', `The ${what} folder ${folder} cannot be made (${code}).`, {
        hint: 'Choose a folder you may write to, or make room on the disk.',
        cause: error,
      });
    }
  }
}

/** Writes the config, readable by its owner only, so that a reader sees the old or the new one. */
export async function writeConfig(runtimeDir: string, text: string): Promise<void> {
  await writeFileAtomic(configFileIn(runtimeDir), text, { mode: 0o600 });
}

/**
 * Lets nats-server read a config without using it.
 * @throws LatticeError `invalid_input` with what it says.
 */
export async function checkConfig(
  binary: NatsBinary,
  runtimeDir: string,
  text: string,
  secrets: readonly string[],
): Promise<void> {
  const file = `${configFileIn(runtimeDir)}.check`;
  await writeFileAtomic(file, text, { mode: 0o600 });
  try {
    await run(binary.path, ['-t', '-c', file], {
      env: childEnv(process.env),
      timeout: 10_000,
      windowsHide: true,
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    processSecrets.addAll(secrets);
    const reason = processSecrets.redact(said).replace(/^nats-server: (.*?:\d+:\d+: )?/, '');
    throw new LatticeError('invalid_input', `The hub cannot use these settings: ${reason.trim()}`);
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Starts nats-server and waits until it serves.
 * @throws LatticeError `hub_failed` with the last error of its log, `timeout`, or `cancelled`; no process is left then.
 */
export async function launch(request: LaunchRequest): Promise<RunningHub> {
  const { options, timing, binary, ports, log } = request;
  await writeConfig(options.runtimeDir, configText(options, ports, binary.version));
  await removePortsFiles(options.runtimeDir);
  if (!atLeast(binary.version, 2, 10)) await pruneLogBackups(options.logFile, LOG_FILES);
  await log.mark();
  const hub = await spawnHub({
    binary: binary.path,
    configFile: configFileIn(options.runtimeDir),
    cwd: options.runtimeDir,
    env: options.env ?? process.env,
    onStderr: (line) => log.stderr(line),
  });
  const record = recordOf(hub.identity, options, ports, binary.version);
  try {
    await request.onSpawn(record);
    await untilReady(hub, request);
    return { process: hub, ports, record };
  } catch (error) {
    await stopHub(hub, { lameDuck: false, lameDuckMs: 0, interruptMs: timing.interrupt });
    throw error;
  }
}

async function untilReady(hub: HubProcess, request: LaunchRequest): Promise<void> {
  const { options, ports, timing, log, signal } = request;
  const ended = new AbortController();
  let end: string | undefined;
  void hub.exited.then((how) => {
    end = how;
    ended.abort();
  });
  const late = AbortSignal.timeout(timing.ready);
  const ready = await waitReady(
    {
      host: reachableHost(options.host),
      port: ports.client,
      monitorUrl: monitorUrl(ports),
      serverName: options.serverName,
      portsFile: { folder: options.runtimeDir, pid: hub.identity.pid },
    },
    timing.poll,
    AbortSignal.any([signal, ended.signal, late]),
  );
  if (end !== undefined) throw await exitError(log, end);
  if (ready) return;
  if (signal.aborted) throw new LatticeError('cancelled', 'The start of the hub was cancelled.');
  throw new LatticeError('timeout', `The hub was not ready after ${timing.ready / 1_000} s.`, {
    hint: 'A large store takes long to read. Look at the log of the hub.',
  });
}

/** The error for a hub that ended, with the last error of its log. */
export async function exitError(log: HubLog, how: string): Promise<LatticeError> {
  const fault = await log.fault();
  return new LatticeError('hub_failed', `The hub ended with ${how}${fault ? `: ${fault}` : '.'}`, {
    hint: 'Look at the log of the hub, then start it again.',
  });
}

/** A server that was killed leaves its ports file behind. */
async function removePortsFiles(runtimeDir: string): Promise<void> {
  for (const name of await readdir(runtimeDir))
    if (name.endsWith('.ports')) await rm(join(runtimeDir, name), { force: true });
}
