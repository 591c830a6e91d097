import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isHealthy, readMonitor, varzSchema } from './monitor-client.ts';

const portsSchema = z.object({ nats: z.array(z.string()).min(1), monitoring: z.array(z.string()).min(1) });
const infoSchema = z.object({ server_name: z.string() });
const INFO_LIMIT = 65_536;
const INFO_TIMEOUT_MS = 1_000;

export interface ReadyTarget {
  /** Where to reach the client port from this machine. */
  host: string;
  port: number;
  monitorUrl: string;
  serverName: string;
  /** The folder of the ports file and the pid in its name; without it that step is left out. */
  portsFile?: { folder: string; pid: number };
}

/**
 * Waits until the hub serves: its ports file is there, it is healthy with JetStream, and the client port greets with its
 * name. The greeting needs no secret, so this works with every kind of auth and with TLS.
 * Resolves with false when `signal` aborts first.
 */
export async function waitReady(target: ReadyTarget, pollMs: number, signal: AbortSignal): Promise<boolean> {
  const { portsFile } = target;
  const steps: (() => Promise<boolean>)[] = [
    ...(portsFile ? [() => hasPortsFile(portsFile.folder, portsFile.pid)] : []),
    () => isOurMonitor(target),
    () => isHealthy(target.monitorUrl),
    () => greets(target),
  ];
  for (const step of steps) {
    while (!(await step())) {
      if (signal.aborted) return false;
      await delay(pollMs);
    }
  }
  return !signal.aborted;
}

async function hasPortsFile(folder: string, pid: number): Promise<boolean> {
  try {
    const name = (await readdir(folder)).find((entry) => entry.endsWith(`_${pid}.ports`));
    if (!name) return false;
    return portsSchema.safeParse(JSON.parse(await readFile(join(folder, name), 'utf8'))).success;
  } catch {
    return false;
  }
}

async function isOurMonitor({ monitorUrl, serverName }: ReadyTarget): Promise<boolean> {
  try {
    const varz = await readMonitor(monitorUrl, '/varz', varzSchema, INFO_TIMEOUT_MS);
    return varz.server_name === serverName;
  } catch {
    return false;
  }
}

function greets({ host, port, serverName }: ReadyTarget): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let text = '';
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('utf8');
    socket.setTimeout(INFO_TIMEOUT_MS, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const line = text.indexOf('\r\n');
      if (line >= 0) end(nameInGreeting(text.slice(0, line)) === serverName);
      else if (text.length > INFO_LIMIT) end(false);
    });
  });
}

function nameInGreeting(line: string): string | undefined {
  try {
    return infoSchema.parse(JSON.parse(line.replace(/^INFO /, ''))).server_name;
  } catch {
    return undefined;
  }
}
