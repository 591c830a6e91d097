import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import type { JoinLink } from '../../src-shared/join-link.ts';
import {
  type EnrolAnswer,
  enrolAnswerSchema,
  type Grant,
  proofBytes,
} from '../../src-shared/protocol/enrol.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { MeshConnection } from '../mesh/connection.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import type { SecretFiles } from '../secrets/secret-files.ts';
import { codeKey } from './code-key.ts';
import { keepHubCa, keepMembership, type Membership, stationKey } from './membership.ts';
import { reachHub } from './reach-hub.ts';

const ANSWER_MS = 10_000;
const ASK_AGAIN_MS = 1_000;

export interface EnrolOptions {
  link: JoinLink;
  /** The folder of the station; its key and what it learns are kept there. */
  dir: string;
  /** How its key is kept; in a plain file without. */
  secrets?: SecretFiles | undefined;
  station: { id: string; name: string };
  version: string;
  platform: string;
  /** Called once when the host has to say yes first. */
  onWaiting?: () => void;
  signal?: AbortSignal;
}

/**
 * Asks the host of a link to let this station in: finds the hub of the pin, proves the code, sends the public key.
 * @throws LatticeError `unsafe` for another hub, `not_connected`, `auth_failed`, `conflict`, `timeout`, `cancelled`.
 */
export async function enrol(options: EnrolOptions): Promise<Membership> {
  const { link, dir } = options;
  processSecrets.add(link.code);
  const key = codeKey(link.invitation, link.code);
  const { publicKey } = await stationKey(dir, options.secrets);
  const { host, ca } = await reachHub(link.hosts, link.pin);
  const tls = await keepHubCa(dir, ca);
  const connection = new MeshConnection({
    url: `tls://${host}`,
    auth: { nkeySeed: Buffer.from(key.getSeed()).toString('ascii') },
    tls,
    kind: 'command',
    id: link.invitation,
  });
  try {
    await open(connection, options.signal);
    const applicant = {
      invitation: link.invitation,
      key: publicKey,
      station_id: options.station.id,
      name: options.station.name,
      version: options.version,
      platform: options.platform,
      nonce: randomBytes(16).toString('base64url'),
    };
    const proof = Buffer.from(key.sign(proofBytes(applicant))).toString('base64url');
    const grant = await askUntilAnswered(connection, { ...applicant, proof }, options);
    const hosts = [host, ...link.hosts.filter((other) => other !== host)];
    const membership = { ...grant, hosts, pin: link.pin, joined_at: new Date().toISOString() };
    await keepMembership(dir, membership);
    return membership;
  } finally {
    key.clear();
    await connection[Symbol.asyncDispose]();
  }
}

async function open(connection: MeshConnection, signal: AbortSignal | undefined): Promise<void> {
  try {
    await connection.open(signal);
  } catch (thrown) {
    const error = LatticeError.from(thrown);
    if (error.code !== 'auth_failed') throw error;
    throw new LatticeError('auth_failed', 'The hub does not know this link any more.', {
      hint: 'It was made more than a day ago, or for another lattice. Ask the host for a new link.',
      cause: error,
    });
  }
}

async function askUntilAnswered(
  connection: MeshConnection,
  request: object,
  { link, signal, onWaiting }: EnrolOptions,
): Promise<Grant> {
  for (let told = false; ; ) {
    const answer = await ask(connection, link, request);
    if (answer.kind === 'granted') return answer.grant;
    if (answer.kind === 'refused') throw LatticeError.fromShape(answer.error);
    if (!told) onWaiting?.();
    told = true;
    await delay(ASK_AGAIN_MS, undefined, { signal }).catch(() => {
      throw new LatticeError('cancelled', 'Joining was cancelled before the host answered.');
    });
  }
}

async function ask(connection: MeshConnection, link: JoinLink, request: object): Promise<EnrolAnswer> {
  const subject = namesOf(link.org).enrol(link.invitation);
  try {
    const message = await connection.nc.request(subject, JSON.stringify(request), { timeout: ANSWER_MS });
    return enrolAnswerSchema.parse(message.json());
  } catch (error) {
    throw new LatticeError('not_connected', 'The host did not answer whether this machine may join.', {
      hint: 'Its station may be restarting. Open the link again in a moment.',
      cause: error,
    });
  }
}
