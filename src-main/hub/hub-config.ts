import { createHash } from 'node:crypto';
import { GLOBAL_ACCOUNT, type GuestAccount, type HubPermissions, type KeyUser } from './accounts.ts';
import { atLeast } from './features.ts';
import { accountOf, type HubAuth, type HubOptions, type HubTls } from './hub-options.ts';

/** Everything that ends up in the config of nats-server; ports are real ones. */
export interface HubConfig {
  host: string;
  port: number;
  httpPort: number;
  serverName: string;
  storeDir: string;
  runtimeDir: string;
  logFile: string;
  auth?: HubAuth | undefined;
  tls?: HubTls | undefined;
  account?: HubOptions['account'];
  guests?: readonly GuestAccount[] | undefined;
  room?: HubOptions['room'];
  /** Decides which keys the server knows. */
  serverVersion: string;
}

/** The largest message the hub takes, in bytes. */
const MAX_PAYLOAD_BYTES = 8_388_608;
/** A connection that answers no ping is dropped as its station counts as offline, and no call goes into it any more. */
const PING_SECONDS = 10;
const MISSED_PINGS = 2;
/** Subscriptions that one client may have where clients are told apart; a window with many works open needs hundreds. */
const MAX_SUBSCRIPTIONS = 4_096;
const LOG_SIZE_BYTES = 5 * 1024 * 1024;
/** How many rotated logs are kept. */
export const LOG_FILES = 5;

/** Where a server of a folder says which process it is. */
export const pidFileIn = (runtimeDir: string) => `${runtimeDir}/nats-server.pid`;

/** The config file of nats-server as text; every value is quoted, so none can add a key. */
export function renderConfig(config: HubConfig): string {
  const { auth, tls, room = {} } = config;
  return [
    `listen: ${quote(address(config.host, config.port))}`,
    `http: ${quote(address('127.0.0.1', config.httpPort))}`,
    `server_name: ${quote(config.serverName)}`,
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    `ping_interval: "${PING_SECONDS}s"`,
    `ping_max: ${MISSED_PINGS}`,
    ...(auth?.kind === 'nkeys' ? [`max_subscriptions: ${MAX_SUBSCRIPTIONS}`] : []),
    'jetstream {',
    `  store_dir: ${quote(config.storeDir)}`,
    ...(room.storage_bytes === undefined ? [] : [`  max_file_store: ${room.storage_bytes}`]),
    ...(room.memory_bytes === undefined ? [] : [`  max_memory_store: ${room.memory_bytes}`]),
    '}',
    `pid_file: ${quote(pidFileIn(config.runtimeDir))}`,
    `ports_file_dir: ${quote(config.runtimeDir)}`,
    `log_file: ${quote(config.logFile)}`,
    `log_size_limit: ${LOG_SIZE_BYTES}`,
    ...(atLeast(config.serverVersion, 2, 10) ? [`logfile_max_num: ${LOG_FILES}`] : []),
    'lame_duck_duration: "30s"',
    'lame_duck_grace_period: "1s"',
    ...renderUsers(config),
    ...(tls ? renderTls(tls) : []),
    '',
  ].join('\n');
}

/** Tells two configs apart, as `sha256:` and hex digits. */
export function configHash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** `host:port`, with brackets around IPv6. */
export function address(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Who may connect: users of the global account, or of one account for each lattice. */
function renderUsers(config: HubConfig): string[] {
  const { auth, guests = [], serverVersion } = config;
  const account = accountOf(config);
  if (auth?.kind === 'token') return ['authorization {', `  token: ${quote(auth.token)}`, '}'];
  if (account === GLOBAL_ACCOUNT) return auth ? ['authorization {', ...renderUserList(auth), '}'] : [];
  const open = openUser(serverVersion);
  return [
    ...(auth ? [] : [`no_auth_user: ${quote(open.kind === 'nkeys' ? OPEN_KEY : OPEN_NAME)}`]),
    'accounts {',
    `  ${quote(account)}: {`,
    '  jetstream: enabled',
    ...renderUserList(auth ?? open),
    '  }',
    ...guests.flatMap(renderGuest),
    '}',
  ];
}

function renderGuest({ name, users, limits }: GuestAccount): string[] {
  return [
    `  ${quote(name)}: {`,
    '  jetstream {',
    `    max_mem: ${limits.memory_bytes}`,
    `    max_file: ${limits.storage_bytes}`,
    '  }',
    '  limits {',
    `    max_connections: ${limits.connections}`,
    `    max_subscriptions: ${limits.subscriptions}`,
    '  }',
    ...renderUserList({ kind: 'nkeys', users }),
    '  }',
  ];
}

/** Whom everybody counts as on a hub that asks for nothing; it is never named on a hub that asks for keys. */
const OPEN_KEY = 'UAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABET7';
const OPEN_NAME = 'everybody';

/** Older servers take only a name with a password here, and warn about it in their log. */
function openUser(serverVersion: string): Exclude<HubAuth, { kind: 'token' }> {
  return atLeast(serverVersion, 2, 11)
    ? { kind: 'nkeys', users: [{ nkey: OPEN_KEY }] }
    : { kind: 'users', users: [{ user: OPEN_NAME, password: OPEN_NAME }] };
}

function renderUserList(auth: Exclude<HubAuth, { kind: 'token' }>): string[] {
  const users =
    auth.kind === 'users'
      ? auth.users.map(({ user, password }) => `    { user: ${quote(user)}, password: ${quote(password)} }`)
      : auth.users.flatMap(renderKeyUser);
  return ['  users: [', ...users, '  ]'];
}

function renderKeyUser({ nkey, permissions }: KeyUser): string[] {
  return [
    '    {',
    `      nkey: ${quote(nkey)}`,
    ...(permissions ? renderPermissions(permissions) : []),
    '    }',
  ];
}

function renderPermissions({ publish, subscribe }: HubPermissions): string[] {
  const list = (subjects: readonly string[]) => `[${subjects.map(quote).join(', ')}]`;
  const rules = (name: string, rule: HubPermissions['publish']) =>
    rule
      ? [
          `        ${name}: {`,
          ...(rule.allow ? [`          allow: ${list(rule.allow)}`] : []),
          ...(rule.deny ? [`          deny: ${list(rule.deny)}`] : []),
          '        }',
        ]
      : [];
  return ['      permissions: {', ...rules('publish', publish), ...rules('subscribe', subscribe), '      }'];
}

function renderTls({ certFile, keyFile, caFile, verify }: HubTls): string[] {
  return [
    'tls {',
    `  cert_file: ${quote(certFile)}`,
    `  key_file: ${quote(keyFile)}`,
    ...(caFile ? [`  ca_file: ${quote(caFile)}`] : []),
    ...(verify ? ['  verify: true'] : []),
    '}',
  ];
}

const escapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quote(value: string): string {
  const body = value.replace(
    /["\\\p{Cc}]/gu,
    (char) => escapes[char] ?? (char < '\u0080' ? hexEscape(char) : char),
  );
  return `"${body}"`;
}

function hexEscape(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
