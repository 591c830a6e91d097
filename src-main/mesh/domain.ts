import { jetstreamManager } from '@nats-io/jetstream';
import { LatticeError } from '../../src-shared/errors.ts';
import type { MeshConnection } from './connection.ts';

/**
 * Makes sure that the JetStream that answers here is the one of a domain, when one was named: the streams of a lattice
 * must not be made in another. @throws LatticeError `unsupported`.
 */
export async function requireDomain(connection: MeshConnection, domain: string | undefined): Promise<void> {
  if (domain === undefined) return;
  const account = await (await jetstreamManager(connection.nc, { checkAPI: false }))
    .getAccountInfo()
    .catch(() => undefined);
  if (account === undefined || account.domain === domain) return;
  const found =
    account.domain === undefined ? 'no JetStream domain' : `the JetStream domain ${account.domain}`;
  throw new LatticeError('unsupported', `This server is of ${found}, and ${domain} was asked for.`, {
    hint: `Connect to a server of the domain ${domain} itself; a domain behind another server is not supported.`,
  });
}
