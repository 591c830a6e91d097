import { type JetStreamAccountStats, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection, ServerInfo } from '@nats-io/nats-core';
import { ulid } from 'ulid';
import { z } from 'zod';
import {
  permissionsConf,
  permissionsFor,
  permissionsNsc,
  rulesFor,
  storeStreams,
} from '../../src-shared/protocol/permission-text.ts';
import type { Role, RoleRule } from '../../src-shared/protocol/roles.ts';
import { type LatticeNames, namesOf } from '../../src-shared/protocol/subjects.ts';
import type { FeatureCheck, HubCheck, MissingSubject, StoreCheck } from '../../src-shared/views/hub-check.ts';
import type { ContextTarget } from '../config/nats-contexts.ts';
import { featuresOff } from '../hub/features.ts';
import { MeshConnection } from '../mesh/connection.ts';
import type { Credentials } from '../mesh/credentials.ts';
import { ESSENTIAL, type FeatureId, featureIds, featureOf, featureWords } from './features.ts';
import { refusedSubjects } from './probe.ts';
import { refusalText } from './refusal-text.ts';
import { checkStores } from './store-checks.ts';

export interface HubCheckOptions {
  target: ContextTarget;
  org: string;
  role: Role;
  /** The station or device that will connect, whose own subjects are tried. */
  device: string;
  /** Makes the streams and buckets that are missing; nothing is made without. */
  create?: boolean;
  signal?: AbortSignal;
}

const wayWords: Readonly<Record<Credentials['way'], string>> = {
  none: 'no secret',
  credentials_file: 'a credentials file',
  user_jwt: 'a user JWT',
  nkey_file: 'an NKey file',
  nkey_seed: 'an NKey',
  token: 'a token',
  user: 'a user and password',
};

const JS_TIMEOUT_MS = 3_000;
const USER_INFO_MS = 1_000;

/** What the server says about the user of a connection; servers before 2.10 and some accounts say nothing. */
const userInfoSchema = z.object({
  data: z.object({ user: z.string().optional(), account: z.string().optional() }),
});

/**
 * Connects to a hub elsewhere and says, feature by feature, what its account allows; leaves nothing behind.
 * @throws LatticeError as connecting does: `auth_failed`, `not_connected`, `unsafe`, `invalid_input`.
 */
export async function checkHub(options: HubCheckOptions): Promise<HubCheck> {
  const { target, org, role, device, create = false } = options;
  const { url, auth, tls, inboxPrefix } = target;
  const connection = new MeshConnection({
    url,
    auth,
    tls,
    inboxPrefix,
    kind: 'command',
    id: ulid(),
    owner: device,
  });
  try {
    await connection.open(options.signal);
    const { nc } = connection;
    const names = namesOf(org);
    const request = { org, role, device, inboxPrefix };
    const making = rulesFor({ ...request, create: true }).slice(rulesFor(request).length);
    const server = await serverOf(nc, connection.view.value.url ?? '');
    const missing = await refusedSubjects(connection, rulesFor(request));
    const forbidden = await forbiddenStreams(connection, making, names);
    const jetstream = await jetstreamOf(nc);
    const stores =
      'refused' in jetstream ? [] : await checkStores({ nc, jsm: jetstream.jsm, names, create, forbidden });
    const allowed = permissionsFor({ ...request, create: stores.some(({ state }) => state !== 'there') });
    const facts = factsOf(jetstream, nc.info, target.domain);
    return {
      server: { ...server, ...('refused' in jetstream ? {} : domainOf(jetstream.account)) },
      who: { way: wayWords[connection.way], ...(await userOf(nc)) },
      org,
      role,
      device,
      features: featuresOf({ missing, stores, facts, names, rules: rulesFor(request) }),
      stores,
      permissions: { conf: permissionsConf(allowed), nsc: permissionsNsc(allowed, device) },
    };
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

/** Whether a station can join at all as things are. */
export function isUsable({ features }: Pick<HubCheck, 'features'>): boolean {
  return features.every(({ id, state }) => state !== 'off' || !ESSENTIAL.some((needed) => needed === id));
}

async function serverOf(nc: NatsConnection, url: string) {
  const from = performance.now();
  await nc.flush();
  const rtt_ms = Math.round((performance.now() - from) * 100) / 100;
  const { server_name, version, cluster, max_payload, tls_required, tls_available } = nc.info ?? {};
  return {
    url,
    name: server_name ?? '',
    version: version ?? '',
    ...(cluster === undefined ? {} : { cluster }),
    tls: tls_required === true || tls_available === true,
    rtt_ms,
    max_payload: max_payload ?? 0,
  };
}

async function forbiddenStreams(
  connection: MeshConnection,
  making: readonly RoleRule[],
  names: LatticeNames,
): Promise<Set<string>> {
  const refused = new Set((await refusedSubjects(connection, making)).map(({ subject }) => subject));
  return new Set(storeStreams(names).filter((stream) => refused.has(`$JS.API.STREAM.CREATE.${stream}`)));
}

type JetStreamFound =
  | { jsm: Awaited<ReturnType<typeof jetstreamManager>>; account: JetStreamAccountStats }
  | { refused: string };

async function jetstreamOf(nc: NatsConnection): Promise<JetStreamFound> {
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: JS_TIMEOUT_MS });
    return { jsm, account: await jsm.getAccountInfo() };
  } catch (error) {
    return { refused: refusalText(error) };
  }
}

function domainOf({ domain }: JetStreamAccountStats): { domain?: string } {
  return domain === undefined ? {} : { domain };
}

async function userOf(
  nc: NatsConnection,
): Promise<{ user?: string | undefined; account?: string | undefined }> {
  try {
    const answer = await nc.request('$SYS.REQ.USER.INFO', '', { timeout: USER_INFO_MS });
    return userInfoSchema.parse(answer.json()).data;
  } catch {
    return {};
  }
}

/** What is worth knowing about JetStream, and why it is off when it is. */
function factsOf(
  found: JetStreamFound,
  info: ServerInfo | undefined,
  domain: string | undefined,
): { off: boolean; facts: string[] } {
  if ('refused' in found) return { off: true, facts: [`JetStream does not answer: ${found.refused}.`] };
  const { limits, storage, streams, domain: own } = found.account;
  const wrongDomain = domain !== undefined && own !== domain;
  return {
    off: wrongDomain,
    facts: [
      `${streams} ${streams === 1 ? 'stream' : 'streams'}, ${limit(limits.max_streams, String)}.`,
      `${gib(storage)} on disk, ${limit(limits.max_storage, gib)}.`,
      ...(limits.max_bytes_required
        ? ['Each stream needs a size limit here, which the queue and the buckets have not.']
        : []),
      ...(limits.storage_max_stream_bytes > 0
        ? [`One stream holds at most ${gib(limits.storage_max_stream_bytes)}.`]
        : []),
      ...(wrongDomain
        ? [
            `This server is of ${own === undefined ? 'no domain' : `the domain ${own}`}, and ${domain} was asked for.`,
          ]
        : []),
      ...featuresOff(info?.version ?? ''),
    ],
  };
}

function limit(value: number, text: (value: number) => string): string {
  return value < 0 ? 'no limit' : `at most ${text(value)}`;
}

function gib(bytes: number): string {
  return bytes >= 1024 ** 3
    ? `${(bytes / 1024 ** 3).toFixed(1)} GiB`
    : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

interface Found {
  missing: readonly MissingSubject[];
  stores: readonly StoreCheck[];
  facts: { off: boolean; facts: string[] };
  names: LatticeNames;
  rules: readonly RoleRule[];
}

function featuresOf(found: Found): FeatureCheck[] {
  const { names, rules } = found;
  const used = new Set(rules.flatMap(({ subjects }) => subjects.map((subject) => featureOf(subject, names))));
  return featureIds.filter((id) => used.has(id)).map((id) => featureCheck(id, found));
}

function featureCheck(id: FeatureId, { missing, stores, facts, names }: Found): FeatureCheck {
  const { title, without } = featureWords[id];
  const own = stores.filter(({ feature }) => feature === id);
  const lacking = missing.filter(({ subject }) => featureOf(subject, names) === id);
  const needsStore = !['answers', 'jetstream', 'presence', 'calls'].includes(id);
  const off =
    lacking.length > 0 ||
    own.some(({ state }) => state === 'refused') ||
    (id === 'jetstream' && facts.off) ||
    (needsStore && facts.off);
  const limited = own.some(({ state }) => state === 'absent' || state === 'differs');
  const state = off ? 'off' : limited ? 'limited' : 'ok';
  return {
    id,
    title,
    state,
    facts: [
      ...(id === 'jetstream' ? facts.facts : []),
      ...own.filter(({ detail }) => detail !== '').map(({ name, detail }) => `${name}: ${detail}`),
    ],
    ...(off ? { without } : {}),
    missing: [...lacking],
  };
}
