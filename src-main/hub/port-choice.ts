import type { HubOptions } from './hub-options.ts';
import type { HubPorts } from './launcher.ts';
import { findPortHolder, isPortFree, nameHolder, nextFreePort, portTaken } from './ports.ts';

/** The ports to start on, and what a person should know about them. */
export interface PortChoice {
  ports: HubPorts;
  notices: string[];
}

const MONITOR_HOST = '127.0.0.1';

/**
 * Chooses the ports: those of before when there were some, else those of the options; 0 becomes a free one. A taken
 * monitor port moves, since only we use it.
 * @throws LatticeError `port_taken` for the client port, which people know.
 */
export async function choosePorts(options: HubOptions, kept: Partial<HubPorts>): Promise<PortChoice> {
  const wanted = kept.client ?? options.port;
  if (wanted !== 0 && !(await isPortFree(options.host, wanted))) throw await portTaken(options.host, wanted);
  const client = wanted === 0 ? await nextFreePort(options.host, 0) : wanted;

  const asked = kept.monitor ?? options.httpPort;
  const free = asked !== client && (asked === 0 || (await isPortFree(MONITOR_HOST, asked)));
  let monitor = await nextFreePort(MONITOR_HOST, free ? asked : asked + 1);
  if (monitor === client) monitor = await nextFreePort(MONITOR_HOST, client + 1);
  const ports = { client, monitor };
  return { ports, notices: await monitorNotices(options, ports) };
}

/** Says why the monitor is not on the port of the options. */
export async function monitorNotices(options: HubOptions, { monitor, client }: HubPorts): Promise<string[]> {
  const asked = options.httpPort;
  if (asked === 0 || asked === monitor) return [];
  if (asked === client) return [`Port ${asked} is for clients, so the monitor listens on ${monitor}.`];
  if (await isPortFree(MONITOR_HOST, asked))
    return [`Port ${asked} was used when the hub started, so the monitor listens on ${monitor}.`];
  const holder = nameHolder(await findPortHolder(asked));
  return [`Port ${asked} is used by ${holder}, so the monitor listens on ${monitor}.`];
}
