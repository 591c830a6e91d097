import { access, constants, readFile } from 'node:fs/promises';
import { connect as connectSocket, isIP } from 'node:net';
import { checkServerIdentity, connect as connectTls, type PeerCertificate } from 'node:tls';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { LatticeError } from '../../src-shared/errors.ts';
import type { NatsTls } from '../../src-shared/protocol/auth.ts';
import type { ServerAddress } from './server-url.ts';

type NodeTlsOptions = NonNullable<NodeConnectionOptions['tls']>;

/** What the client hands to node:tls; the last two make a certificate count for the host that was asked for. */
export interface TlsOptions extends NodeTlsOptions {
  servername?: string;
  checkServerIdentity: (name: string, certificate: PeerCertificate) => Error | undefined;
}

/**
 * TLS for an address, or `undefined` where none was asked for; a server that demands TLS still gets it.
 * @throws LatticeError `io_failed` when a file cannot be read, `invalid_input` for half a client certificate.
 */
export async function tlsOptions(address: ServerAddress, tls: NatsTls): Promise<TlsOptions | undefined> {
  const { caFile, certFile, keyFile } = tls;
  const names = tls.serverName === undefined ? address.hosts.map(({ host }) => host) : [tls.serverName];
  const [name = ''] = names;
  if (!address.tls && !caFile && !certFile && !keyFile && !tls.first) return undefined;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new LatticeError(
      'invalid_input',
      'A client certificate needs both a certificate file and a key file.',
    );
  }
  for (const [what, file] of Object.entries({
    'CA file': caFile,
    'certificate file': certFile,
    'key file': keyFile,
  }))
    if (file) await readable(what, file);
  return {
    ...(caFile ? { caFile } : {}),
    ...(certFile ? { certFile } : {}),
    ...(keyFile ? { keyFile } : {}),
    // Of several servers the client itself says which one it dials.
    ...(names.length > 1 ? {} : { servername: isIP(name) ? '' : name }),
    ...(tls.first ? { handshakeFirst: true } : {}),
    checkServerIdentity: (_name, certificate) => matchesOne(names, certificate),
  };
}

/** A person trusts all servers of a list alike, so a certificate counts when it names one of them. */
function matchesOne(names: readonly string[], certificate: PeerCertificate): Error | undefined {
  let refusal: Error | undefined;
  for (const name of names) {
    refusal = checkServerIdentity(name, certificate);
    if (refusal === undefined) return undefined;
  }
  return refusal;
}

async function readable(what: string, file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new LatticeError('io_failed', `The ${what} ${file} cannot be read.`, {
      hint: 'Check the path and its permissions.',
      cause: error,
    });
  }
}

/**
 * Dials once more to learn why a TLS connection ended without a word: TLS 1.3 refuses a client certificate only after
 * the handshake, which the client library sees as silence. Resolves with the error of node:tls, if there was one.
 */
export async function tlsRefusal(
  address: ServerAddress,
  options: TlsOptions,
  timeoutMs: number,
): Promise<Error | undefined> {
  const [ca, cert, key] = await Promise.all(
    [options.caFile, options.certFile, options.keyFile].map((file) => (file ? readFile(file) : undefined)),
  );
  const raw = connectSocket(address.port, address.host);
  try {
    return await new Promise<Error | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), timeoutMs);
      raw.on('error', resolve);
      raw.on('close', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
      // A server speaks first, unless the handshake comes before all words.
      raw.once(options.handshakeFirst ? 'connect' : 'data', () => {
        const secure = connectTls({
          socket: raw,
          ...(ca ? { ca } : {}),
          ...(cert ? { cert } : {}),
          ...(key ? { key } : {}),
          ...(isIP(address.host) ? {} : { servername: options.servername ?? address.host }),
          checkServerIdentity: options.checkServerIdentity,
        });
        secure.on('error', resolve);
        secure.on('data', () => resolve(undefined));
        secure.write('PING\r\n');
      });
    });
  } finally {
    raw.destroy();
  }
}
