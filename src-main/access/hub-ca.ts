import { timingSafeEqual } from 'node:crypto';
import { connect as connectSocket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { LatticeError } from '../../src-shared/errors.ts';
import { pinOf } from './hub-certificates.ts';

const GREETING_LIMIT = 65_536;
/** A chain of ours has two certificates; a loop in a foreign one ends here. */
const MAX_CHAIN = 5;

/**
 * Asks a hub for the CA in its certificate chain and gives it as PEM when it is the one of the pin. Nothing of ours is
 * sent. @throws LatticeError `unsafe` for another CA, `not_connected` when no hub with TLS answers.
 */
export async function fetchHubCa(
  host: string,
  port: number,
  pin: string,
  timeoutMs: number,
): Promise<string> {
  const chain = await chainOf(host, port, timeoutMs);
  const wanted = Buffer.from(pin);
  const found = chain.find((raw) => timingSafeEqual(Buffer.from(pinOf(raw)), wanted));
  if (!found)
    throw new LatticeError('unsafe', `The hub at ${host}:${port} is not the one that this link is for.`, {
      hint: 'Somebody may stand in between. Compare the words of the fingerprint with the host, and ask for a new link.',
    });
  const lines = found.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** The certificates a hub shows, as DER, its own first. */
function chainOf(host: string, port: number, timeoutMs: number): Promise<Buffer[]> {
  const raw = connectSocket(port, host);
  return new Promise<Buffer[]>((resolve, reject) => {
    const fail = (why: string, cause?: unknown) =>
      reject(
        new LatticeError('not_connected', `No hub answers at ${host}:${port}: ${why}.`, {
          hint: 'Check that the host shares its hub and that no firewall is in between.',
          cause,
        }),
      );
    const timer = setTimeout(() => fail(`nothing within ${timeoutMs / 1_000} s`), timeoutMs);
    raw.on('close', () => {
      clearTimeout(timer);
      fail('it hung up');
    });
    raw.on('error', (error) => fail(error.message, error));
    let greeting = '';
    const onGreeting = (chunk: Buffer) => {
      greeting += chunk.toString('latin1');
      if (greeting.length > GREETING_LIMIT) fail('it is not a NATS server');
      else if (greeting.includes('\r\n')) {
        raw.off('data', onGreeting);
        if (!greeting.startsWith('INFO ')) return fail('it is not a NATS server');
        // Only the pin decides whom we trust here, so the usual judgement of the chain waits for the real connection.
        const secure = connectTls({ socket: raw, rejectUnauthorized: false }, () =>
          resolve(rawChain(secure)),
        );
        secure.on('error', (error) => fail(error.message, error));
      }
    };
    raw.on('data', onGreeting);
  }).finally(() => raw.destroy());
}

function rawChain(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw && chain.length < MAX_CHAIN && !chain.some((known) => known.equals(next?.raw ?? known))) {
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}
