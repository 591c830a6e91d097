import { resolve } from 'node:path';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  GLOBAL_ACCOUNT,
  type GuestAccount,
  guestAccountSchema,
  HOME_ACCOUNT,
  keyUserSchema,
} from './accounts.ts';
import type { GuestRoom } from './guest-room.ts';
import type { HubTiming } from './hub-timing.ts';

// CONNECT is one control line of at most 4096 bytes on the server, so a longer secret could never log in.
const secret = z
  .string()
  .min(1)
  .max(512)
  .refine(
    (text) => !/^\$2[abxy]\$\d\d\$/.test(text),
    'A secret that looks like a bcrypt hash cannot be used.',
  );

const userName = z.string().min(1).max(256);
/** How clients prove who they are to the hub: one token, users with passwords, or the public keys of NKeys. */
export const hubAuthSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: secret }),
  z.object({
    kind: z.literal('users'),
    users: z.array(z.object({ user: userName, password: secret })).min(1),
  }),
  z.object({
    kind: z.literal('nkeys'),
    users: z.array(keyUserSchema).min(1),
  }),
]);
export type HubAuth = z.infer<typeof hubAuthSchema>;

/** TLS of the client port; every value but `verify` is a file path. `verify` asks clients for a certificate. */
const hubTlsSchema = z.object({
  certFile: z.string().min(1),
  keyFile: z.string().min(1),
  caFile: z.string().min(1).optional(),
  verify: z.boolean().optional(),
});
export type HubTls = z.infer<typeof hubTlsSchema>;

const port = z.int().min(0).max(65_535);

const listenSchema = z.object({
  host: z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'Use a host name or an address.'),
  port,
  httpPort: port,
  serverName: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'Use 1 to 128 letters, digits, ., - or _.'),
  auth: hubAuthSchema.optional(),
  tls: hubTlsSchema.optional(),
  account: z.literal(HOME_ACCOUNT).optional(),
  guests: z.array(guestAccountSchema).optional(),
});

/** What a hub is made of. Ports of 0 mean any free one; it is then kept while this process lives. */
export interface HubOptions {
  /** The nats-server to run; without it, the search order of `findNatsServer`. */
  binary?: string | undefined;
  host: string;
  port: number;
  httpPort: number;
  storeDir: string;
  /** Holds the config (0600), the runtime file and the ports file. */
  runtimeDir: string;
  logFile: string;
  serverName: string;
  auth?: HubAuth | undefined;
  tls?: HubTls | undefined;
  /** The account of the hub's own lattice; without it, the global one. A token cannot have another than that. */
  account?: typeof HOME_ACCOUNT | undefined;
  /** More lattices on this hub, each closed off in an account of its own. */
  guests?: readonly GuestAccount[] | undefined;
  /** What the server may use where guests need more than it would take by itself; the session finds it out. */
  room?: GuestRoom | undefined;
  /** The station of this process; its connection does not count as somebody who needs a lame duck. */
  ownStation?: string | undefined;
  env?: NodeJS.ProcessEnv;
  /** The folder with `bin/<platform>-<arch>/nats-server` of a packaged app. */
  resourcesDir?: string | undefined;
  timing?: Partial<HubTiming>;
  /** From 0 up to 1; spreads restarts. */
  random?: () => number;
}

/** The account that holds the data of the hub's own lattice. */
export function accountOf({ account, auth }: Pick<HubOptions, 'account' | 'auth'>): string {
  return auth?.kind === 'token' ? GLOBAL_ACCOUNT : (account ?? GLOBAL_ACCOUNT);
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Where a process of this machine reaches a server that listens on `host`. */
export function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

/**
 * Refuses options that cannot work or would be unsafe.
 * @throws LatticeError `invalid_input` that names the option, or `unsafe` for an open port without auth.
 */
export function checkOptions(options: HubOptions): void {
  const parsed = listenSchema.safeParse(options);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? 'options';
    throw new LatticeError(
      'invalid_input',
      `The hub cannot use this ${where}: ${issue?.message ?? 'unknown'}`,
    );
  }
  if (!isLoopback(options.host) && options.auth === undefined)
    throw new LatticeError(
      'unsafe',
      `The hub would be open to everyone who can reach ${options.host}, without any secret.`,
      { hint: 'Set a token, users or NKeys, or listen on 127.0.0.1.' },
    );
}

/** The options with every path absolute, since the hub runs in a folder of its own. */
export function withAbsolutePaths(options: HubOptions): HubOptions {
  const { tls } = options;
  return {
    ...options,
    storeDir: resolve(options.storeDir),
    runtimeDir: resolve(options.runtimeDir),
    logFile: resolve(options.logFile),
    ...(tls && {
      tls: {
        ...tls,
        certFile: resolve(tls.certFile),
        keyFile: resolve(tls.keyFile),
        ...(tls.caFile && { caFile: resolve(tls.caFile) }),
      },
    }),
  };
}

/** Every secret in the options, to keep them out of what a person sees. */
export function secretsOf(auth: HubAuth | undefined): string[] {
  if (auth?.kind === 'token') return [auth.token];
  if (auth?.kind === 'users') return auth.users.map((user) => user.password);
  return [];
}
