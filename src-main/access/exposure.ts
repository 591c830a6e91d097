import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { z } from 'zod';

const DIAL_MS = 1_000;
const GREETING_LIMIT = 65_536;

const infoSchema = z.object({
  tls_required: z.boolean().default(false),
  auth_required: z.boolean().default(false),
});

/** Who can reach a port of this machine. */
export interface Exposure {
  port: number;
  /** Addresses of this machine, beside loopback, on which somebody answers. */
  addresses: string[];
  /** What a NATS server demands there; absent when none answers. */
  demands?: { tls: boolean; auth: boolean };
}

/** Dials a port of this machine on every address it has, as others would. */
export async function exposureOf(port: number): Promise<Exposure> {
  const own = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  const answers = await Promise.all(
    own.map(async (address) => ({ address, said: await greeting(address, port) })),
  );
  const open = answers.filter(({ said }) => said !== undefined);
  const local = open[0]?.said ?? (await greeting('127.0.0.1', port));
  const demands = local === undefined ? undefined : demandsOf(local);
  return { port, addresses: open.map(({ address }) => address), ...(demands ? { demands } : {}) };
}

function demandsOf(said: string): Exposure['demands'] {
  try {
    const info = infoSchema.parse(JSON.parse(said.replace(/^INFO /, '')));
    return { tls: info.tls_required, auth: info.auth_required };
  } catch {
    return undefined;
  }
}

/** The first line somebody says on a port, empty for silence; undefined when nobody listens. */
function greeting(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: DIAL_MS });
    let connected = false;
    let said = '';
    const end = (answer: string | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('data', (chunk) => {
      said += chunk.toString('utf8');
      const at = said.indexOf('\r\n');
      if (at >= 0) end(said.slice(0, at));
      else if (said.length > GREETING_LIMIT) end('');
    });
    socket.on('timeout', () => end(connected ? said : undefined));
    socket.on('error', () => end(connected ? said : undefined));
    socket.on('close', () => end(connected ? said : undefined));
  });
}
