import { LatticeError } from '../../src-shared/errors.ts';
import { fetchHubCa } from './hub-ca.ts';

const DIAL_MS = 4_000;

/**
 * The first of these addresses where the hub of the pin answers, with its CA. All are tried at once: a hub tells every
 * address it has, and most of them are of no use from here. @throws LatticeError `unsafe`, `not_connected`.
 */
export async function reachHub(hosts: readonly string[], pin: string): Promise<{ host: string; ca: string }> {
  const tries = hosts.map(async (host) => {
    const { hostname, port } = new URL(`tls://${host}`);
    return { host, ca: await fetchHubCa(hostname.replace(/^\[|\]$/g, ''), Number(port), pin, DIAL_MS) };
  });
  try {
    return await Promise.any(tries);
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    const stranger = errors.find((each) => each instanceof LatticeError && each.code === 'unsafe');
    if (stranger) throw stranger;
    throw new LatticeError('not_connected', `No hub answers at ${hosts.join(', ')}.`, {
      hint: 'Check that the host shares its hub, that both machines are on one network, and the firewall of the host.',
      cause: errors[0],
    });
  }
}
