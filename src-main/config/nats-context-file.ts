import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { present } from '../../src-shared/present.ts';
import type { NatsAuth, NatsTls } from '../../src-shared/protocol/auth.ts';

/** What a context of the nats command line holds; absent keys are empty text, as that program writes them. */
const contextFileSchema = z.looseObject({
  description: z.string().default(''),
  url: z.string().default(''),
  socks_proxy: z.string().default(''),
  token: z.string().default(''),
  user: z.string().default(''),
  password: z.string().default(''),
  creds: z.string().default(''),
  nkey: z.string().default(''),
  cert: z.string().default(''),
  key: z.string().default(''),
  ca: z.string().default(''),
  nsc: z.string().default(''),
  jetstream_domain: z.string().default(''),
  jetstream_api_prefix: z.string().default(''),
  jetstream_event_prefix: z.string().default(''),
  inbox_prefix: z.string().default(''),
  user_jwt: z.string().default(''),
  user_seed: z.string().default(''),
  tls_first: z.boolean().default(false),
  color_scheme: z.string().default(''),
});
export type NatsContextFile = z.infer<typeof contextFileSchema>;

/** One way of a context to prove who we are. */
interface Way {
  words: string;
  auth: NatsAuth;
}

const PREFIX = /^[^\s.*>]+(?:\.[^\s.*>]+)*$/;

/** Reads the text of a context. @throws LatticeError `invalid_input` that names the key and repeats no value. */
export function parseContext(text: string, file: string): NatsContextFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LatticeError('invalid_input', `${file} is not JSON.`, {
      hint: 'nats context edit opens it.',
      // The message of the parser holds a piece of the text, which may be a secret.
      cause: cause instanceof SyntaxError ? undefined : cause,
    });
  }
  const parsed = contextFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.path.join('.') ?? '';
  throw new LatticeError(
    'invalid_input',
    key === '' ? `${file} holds no context.` : `${key} in ${file} has the wrong type.`,
    { hint: 'nats context validate says more.' },
  );
}

/** The way that wins, as in the nats command line: user, then credentials, JWT, NKey, token. */
export function wayOf(context: NatsContextFile): Way {
  const { user, password, creds, nkey, token, user_jwt, user_seed } = context;
  if (user !== '') return { words: `user ${user}`, auth: { user, password } };
  if (creds !== '') return { words: 'credentials file', auth: { credsFile: pathOf(creds) } };
  if (user_jwt !== '')
    return {
      words: 'user JWT',
      auth: { userJwt: user_jwt, ...(user_seed === '' ? {} : { nkeySeed: user_seed }) },
    };
  if (nkey !== '') return { words: 'NKey file', auth: { nkeyFile: pathOf(nkey) } };
  if (token !== '') return { words: 'token', auth: { token } };
  return { words: 'none', auth: {} };
}

/** The TLS files of a context. */
export function tlsOf({ ca, cert, key, tls_first }: NatsContextFile): NatsTls {
  return present({
    caFile: ca === '' ? undefined : pathOf(ca),
    certFile: cert === '' ? undefined : pathOf(cert),
    keyFile: key === '' ? undefined : pathOf(key),
    first: tls_first || undefined,
  });
}

/** Why a context cannot be used as it is, with the way out; `undefined` when it can. */
export function blockerOf(context: NatsContextFile): string | undefined {
  const { creds, nsc, socks_proxy, jetstream_api_prefix, inbox_prefix } = context;
  const stored = /^([a-z][a-z0-9+]*):\/\//i.exec(creds)?.[1];
  if (stored !== undefined || (nsc !== '' && creds === '' && context.user === ''))
    return `The credentials lie in ${stored ?? 'nsc'}, which is not read. Write them into a file with ${nscCommand(stored === undefined ? nsc : creds)}, and name that file as creds.`;
  if (socks_proxy !== '')
    return 'socks_proxy is not supported. Use an address that this machine reaches without a proxy.';
  if (jetstream_api_prefix !== '' && jetstream_api_prefix.replace(/\.$/, '') !== '$JS.API')
    return 'jetstream_api_prefix is not supported. Use a user of the account that owns the streams.';
  if (inbox_prefix !== '' && !PREFIX.test(inbox_prefix))
    return 'inbox_prefix is no subject. It looks like _INBOX_ann.';
  const windows = Object.keys(context).find((key) => key.startsWith('windows_') && context[key]);
  if (windows !== undefined)
    return `${windows} is not supported. Export the certificate and its key into files and name them as cert and key.`;
  return undefined;
}

/** What is set but does nothing here, one sentence each. */
export function notesOf(context: NatsContextFile): string[] {
  const notes: string[] = [];
  const ways = (['user', 'creds', 'user_jwt', 'nkey', 'token'] as const).filter((key) => context[key] !== '');
  for (const key of ways.slice(1)) notes.push(`${key} is not used, because ${ways[0] ?? ''} comes first.`);
  if (context.jetstream_event_prefix !== '') notes.push('jetstream_event_prefix is not used.');
  for (const key of Object.keys(context))
    if (!(key in contextFileSchema.shape) && !key.startsWith('windows_'))
      notes.push(`${key.slice(0, 64)} is not known and not used.`);
  return notes.slice(0, 20);
}

/** What else a context sets, in words. */
export function factsOf(context: NatsContextFile): string[] {
  return [
    ...(context.ca === '' ? [] : ['own CA']),
    ...(context.cert === '' ? [] : ['client certificate']),
    ...(context.tls_first ? ['TLS first'] : []),
    ...(context.inbox_prefix === '' ? [] : [`inbox ${context.inbox_prefix}`]),
    ...(context.jetstream_domain === '' ? [] : [`JetStream domain ${context.jetstream_domain}`]),
  ];
}

function nscCommand(source: string): string {
  const [account = 'ACCOUNT', user = 'USER'] = /^nsc:\/\//i.test(source)
    ? source
        .slice('nsc://'.length)
        .split(/[/?]/)
        .slice(1)
        .filter((part) => /^[\w.-]+$/.test(part))
    : [];
  return `nsc generate creds --account ${account} --name ${user} --output-file ${user}.creds`;
}

function pathOf(path: string): string {
  if (path === '~') return homedir();
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(path);
}
