import { readFile } from 'node:fs/promises';
import { commandLineOf, identify, isAlive } from '../system/process-identity.ts';
import type { NatsBinary } from './binary.ts';
import { pidFileIn } from './hub-config.ts';
import { type HubOptions, reachableHost } from './hub-options.ts';
import { adoptHub, stopHub } from './hub-process.ts';
import type { HubTiming } from './hub-timing.ts';
import { configFileIn, type HubPorts, monitorUrl, type RunningHub, recordOf } from './launcher.ts';
import { waitReady } from './readiness.ts';
import { readRuntimeFile } from './runtime-file.ts';

/**
 * The hub that an earlier process of ours left running: the process of the runtime file is the same one, and it answers
 * under the name in there. Anything else is not ours and is left alone.
 */
export async function findOrphan(options: HubOptions, timing: HubTiming): Promise<RunningHub | undefined> {
  const record = await readRuntimeFile(options.runtimeDir);
  if (!record || !(await isAlive(record))) return undefined;
  const answers = await waitReady(
    {
      host: reachableHost(options.host),
      port: record.ports.client,
      monitorUrl: monitorUrl(record.ports),
      serverName: record.server_name,
    },
    timing.poll,
    AbortSignal.timeout(timing.adopt),
  );
  if (!answers) return undefined;
  const identity = { pid: record.pid, start_time: record.start_time };
  return { process: adoptHub(identity, timing.watch), ports: record.ports, record };
}

/**
 * Ends a server on the config of this folder that nobody recorded, because who started it died in the same moment. Call it
 * only with the locks of the folders: two servers on one store would ruin it.
 */
export async function endUnrecorded(runtimeDir: string, timing: HubTiming): Promise<void> {
  const pid = Number(await readFile(pidFileIn(runtimeDir), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid < 1 || (await readRuntimeFile(runtimeDir))?.pid === pid) return;
  const identity = await identify(pid);
  if (!identity || !(await commandLineOf(pid)).endsWith(`-c ${configFileIn(runtimeDir)}`)) return;
  const hub = adoptHub(identity, timing.watch);
  await stopHub(hub, { lameDuck: false, lameDuckMs: 0, interruptMs: timing.interrupt });
}

/** The ports a hub keeps when it is taken over: its own, where the options leave them open. */
export function portsOf(orphan: RunningHub, options: HubOptions): HubPorts {
  return { client: options.port || orphan.ports.client, monitor: orphan.ports.monitor };
}

/** True when an orphan runs exactly what the options ask for, on the server version we would start. */
export function fits(orphan: RunningHub, options: HubOptions, binary: NatsBinary): boolean {
  const wanted = recordOf(orphan.process.identity, options, portsOf(orphan, options), binary.version);
  return (
    wanted.version === orphan.record.version &&
    wanted.config_hash === orphan.record.config_hash &&
    wanted.server_name === orphan.record.server_name
  );
}
