import { availableParallelism, hostname } from 'node:os';
import { z } from 'zod';
import { tokenSchema } from '../../src-shared/protocol/token.ts';
import { runRuleSchema } from '../../src-shared/run-rule.ts';
import { type Settings, settingsSchema } from '../../src-shared/views/settings.ts';
import { processSecrets } from '../secrets/process-secrets.ts';

/** One setting: where it may come from and what it may be. */
export interface SettingSpec<T> {
  schema: z.ZodType<T>;
  /** Paths in `config.yaml`, the preferred one first; both shapes of the seeds are read. */
  paths: readonly string[];
  env: readonly string[];
  /** Never shown, only whether it is set. */
  secret?: true;
}

/** A setting that always has a value. */
export interface DefaultedSpec<T> extends SettingSpec<T> {
  fallback: () => T;
}

function setting<T>(spec: SettingSpec<T>): SettingSpec<T> {
  return spec;
}

function defaulted<T>(fallback: () => T, spec: SettingSpec<T>): DefaultedSpec<T> {
  return { ...spec, fallback };
}

const text = z.string().min(1).max(1_000);
/** One address, several with commas between, or a list of them. */
const addresses = z
  .union(
    [z.string().min(1).max(10_000), z.array(text).min(1).max(100)],
    'Use an address such as nats://hub:4222, or a list of them.',
  )
  .transform((given) => (typeof given === 'string' ? given : given.join(',')));
/** A whole number, as YAML gives it or as text from a flag or a variable. */
const wholeNumber = (min: number, max: number, what: string) => {
  const message = `Use ${what} from ${min} to ${max}.`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ],
      message,
    )
    .pipe(z.int(message).min(min, message).max(max, message));
};
const port = wholeNumber(0, 65_535, 'a port');

const natsAuth = (name: string, secret: boolean) =>
  setting({
    schema: text,
    paths: [`lattice.nats.auth.${name}`],
    env: [`LATTICE_NATS_${name.toUpperCase()}`, `STN_LATTICE_NATS_${name.toUpperCase()}`],
    ...(secret ? { secret: true as const } : {}),
  });

const natsTls = (name: 'ca' | 'cert' | 'key') =>
  setting({
    schema: text,
    paths: [`lattice.nats.tls.${name}_file`, `lattice.nats.tls.${name}`],
    env: [`LATTICE_NATS_TLS_${name.toUpperCase()}_FILE`, `STN_LATTICE_NATS_TLS_${name.toUpperCase()}_FILE`],
  });

const hub = <T>(name: string, schema: z.ZodType<T>, env: string[]): SettingSpec<T> => ({
  schema,
  paths: [`lattice.embedded.${name}`, `lattice.orchestrator.embedded_nats.${name}`],
  env: env.flatMap((key) => [`LATTICE_${key}`, `STN_LATTICE_${key}`]),
});

const windowSetting = <T>(name: string, schema: z.ZodType<T>): SettingSpec<T> => ({
  schema,
  paths: [`window.${name}`],
  env: [],
});

/** Every setting of a station: `lattice config --origin` lists this table. */
export const settingTable = {
  mode: setting({
    schema: z.enum(['standalone', 'orchestrator', 'member']),
    paths: ['lattice.mode'],
    env: ['LATTICE_MODE', 'STN_LATTICE_MODE'],
  }),
  station_id: setting({
    schema: tokenSchema,
    paths: ['lattice.station_id'],
    env: ['LATTICE_STATION_ID', 'STN_LATTICE_STATION_ID'],
  }),
  station_name: defaulted(() => hostname().split('.')[0] || 'station', {
    schema: z.string().min(1).max(200),
    paths: ['lattice.station_name'],
    env: ['LATTICE_STATION_NAME', 'STN_LATTICE_STATION_NAME'],
  }),
  lattice_name: defaulted(() => 'My lattice', {
    schema: z.string().min(1).max(200),
    paths: ['lattice.name'],
    env: ['LATTICE_NAME'],
  }),
  org: defaulted(() => 'default', { schema: tokenSchema, paths: ['lattice.org'], env: ['LATTICE_ORG'] }),
  nats_url: setting({
    schema: addresses,
    paths: ['lattice.nats.url', 'lattice.nats.urls', 'lattice_url'],
    env: ['LATTICE_NATS_URL', 'STN_LATTICE_NATS_URL'],
  }),
  nats_context: setting({
    schema: z.string().min(1).max(200),
    paths: ['lattice.nats.context'],
    env: ['LATTICE_NATS_CONTEXT'],
  }),
  nats_inbox_prefix: setting({
    schema: text,
    paths: ['lattice.nats.inbox_prefix'],
    env: ['LATTICE_NATS_INBOX_PREFIX'],
  }),
  nats_creds_file: natsAuth('creds_file', false),
  nats_nkey_file: natsAuth('nkey_file', false),
  nats_nkey_seed: natsAuth('nkey_seed', true),
  nats_token: natsAuth('token', true),
  nats_user: natsAuth('user', false),
  nats_password: natsAuth('password', true),
  nats_tls_ca_file: natsTls('ca'),
  nats_tls_cert_file: natsTls('cert'),
  nats_tls_key_file: natsTls('key'),
  hub_host: defaulted(() => '127.0.0.1', hub('host', text, ['HUB_HOST'])),
  port: defaulted(() => 4222, hub('port', port, ['PORT', 'NATS_PORT', 'ORCHESTRATOR_PORT'])),
  http_port: defaulted(
    () => 8222,
    hub('http_port', port, ['HTTP_PORT', 'NATS_HTTP_PORT', 'ORCHESTRATOR_HTTP_PORT']),
  ),
  store_dir: hub('store_dir', text, ['STORE_DIR', 'NATS_STORE_DIR']),
  hub_token: { ...hub('auth.token', text, ['AUTH_TOKEN']), secret: true },
  hub_users: setting({
    schema: z
      .array(
        z.union([z.object({ user: text, password: text }), z.object({ username: text, password: text })]),
      )
      .max(1_000)
      .transform((users) =>
        users.map((entry) => ({
          user: 'user' in entry ? entry.user : entry.username,
          password: entry.password,
        })),
      ),
    paths: ['lattice.embedded.auth.users', 'lattice.orchestrator.embedded_nats.auth.users'],
    env: [],
    secret: true,
  }),
  hub_tls_cert_file: hub('tls.cert_file', text, ['HUB_TLS_CERT_FILE']),
  hub_tls_key_file: hub('tls.key_file', text, ['HUB_TLS_KEY_FILE']),
  hub_tls_ca_file: hub('tls.ca_file', text, ['HUB_TLS_CA_FILE']),
  max_parallel: defaulted(() => Math.min(8, Math.max(2, availableParallelism())), {
    schema: wholeNumber(1, 256, 'a whole number'),
    paths: ['lattice.max_parallel'],
    env: ['LATTICE_MAX_PARALLEL'],
  }),
  runs_allow: defaulted<Settings['runs_allow']>(() => 'everyone', {
    schema: runRuleSchema,
    paths: ['lattice.runs.allow'],
    env: ['LATTICE_RUNS_ALLOW'],
  }),
  runs_people: defaulted<Settings['runs_people']>(() => [], {
    schema: z
      .union([z.array(z.string()), z.string().transform((names) => names.split(','))])
      .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ''))
      .pipe(settingsSchema.shape.runs_people),
    paths: ['lattice.runs.people'],
    env: ['LATTICE_RUNS_PEOPLE'],
  }),
  runs_agents: defaulted<Settings['runs_agents']>(() => ({}), {
    schema: settingsSchema.shape.runs_agents,
    paths: ['lattice.runs.agents'],
    env: [],
  }),
  project_dir: setting({ schema: text, paths: ['lattice.project_dir'], env: ['LATTICE_PROJECT_DIR'] }),
  theme: defaulted<Settings['theme']>(() => 'system', windowSetting('theme', settingsSchema.shape.theme)),
  density: defaulted<Settings['density']>(
    () => 'compact',
    windowSetting('density', settingsSchema.shape.density),
  ),
  single_key_shortcuts: defaulted(() => true, windowSetting('single_key_shortcuts', z.boolean())),
  keep_in_tray: defaulted(() => true, windowSetting('keep_in_tray', z.boolean())),
  secrets: defaulted<Settings['secrets']>(() => 'keychain', {
    schema: settingsSchema.shape.secrets,
    paths: ['secrets'],
    env: ['LATTICE_SECRETS'],
  }),
} as const;

export type SettingName = keyof typeof settingTable;

/** What a person may see of a value: of a secret only that it is set, of an address no secret in it. */
export function shownSetting(name: SettingName, value: unknown): unknown {
  if ('secret' in settingTable[name]) return value === undefined ? undefined : '(set)';
  return processSecrets.redactAll(value);
}

type ValueOf<S> =
  S extends DefaultedSpec<infer T> ? T : S extends SettingSpec<infer T> ? T | undefined : never;

/** The settings of one station after flags, environment, file and defaults were weighed. */
export type StationConfig = { readonly [N in SettingName]: ValueOf<(typeof settingTable)[N]> };
