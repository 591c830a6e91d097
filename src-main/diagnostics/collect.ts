import { readdir, readFile } from 'node:fs/promises';
import { homedir, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import type { SecretsView } from '../../src-shared/views/secrets.ts';
import type { Paths } from '../config/paths.ts';
import { type SettingName, settingTable, shownSetting } from '../config/setting-table.ts';
import type { LoadedConfig } from '../config/station-config.ts';
import { exposureChecks } from '../exposure-checks.ts';
import { findNatsServer } from '../hub/binary.ts';
import { configFileIn } from '../hub/launcher.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { VERSION } from '../version.ts';
import { logFiles } from './log-files.ts';
import { streamFigures } from './stream-figures.ts';

/** One file of the diagnostics, with what it holds in plain words. */
export interface DiagnosticsFile {
  name: string;
  what: string;
  text: string;
}

export interface DiagnosticsSources {
  paths: Paths;
  settings: LoadedConfig;
  secrets: SecretsView;
  /** What runs here, without secrets and without what works are about. */
  status: unknown;
  resourcesDir?: string | undefined;
  env: NodeJS.ProcessEnv;
}

/** Collects what helps to find a fault: no task, no output, no secret. All of it has gone through the redactor. */
export async function collectDiagnostics(sources: DiagnosticsSources): Promise<DiagnosticsFile[]> {
  const { paths } = sources;
  const stations = await readdir(join(paths.dataDir, 'stations')).catch(() => []);
  const stationDirs = stations.map((name) => join(paths.dataDir, 'stations', name));
  const hubDirs = [paths.dataDir, ...stationDirs].map((dir) => join(dir, 'hub'));
  await learnSecrets([join(paths.dataDir, 'hub-tls'), ...stationDirs]);
  const [about, checks, streams, hubs, logs] = await Promise.all([
    versions(sources),
    exposureChecks(paths.dataDir),
    streamFigures(hubDirs),
    hubConfigs(hubDirs),
    logFiles([paths.logDir, ...stationDirs]),
  ]);
  const files: DiagnosticsFile[] = [
    { name: 'about.json', what: 'Versions and the system.', text: json(about) },
    {
      name: 'settings.json',
      what: 'Settings and where each came from; of a secret, only whether it is set.',
      text: json(settingsOf(sources.settings)),
    },
    { name: 'status.json', what: 'What runs here, and its problems.', text: json(sources.status) },
    { name: 'doctor.json', what: 'What listens where, and who can reach it.', text: json(checks) },
    {
      name: 'streams.json',
      what: 'Names of the streams of hubs that run here, with their figures; nothing that is in them.',
      text: json(streams),
    },
    { name: 'secrets.json', what: 'Where secrets are kept; none of them.', text: json(sources.secrets) },
    ...hubs,
    ...logs,
  ];
  return files.map((file) => ({ ...file, text: clean(file.text) }));
}

/** Secrets go, and the folder of the person is not named. */
function clean(text: string): string {
  const home = homedir();
  const short = home.length > 1 ? text.replaceAll(home, '~') : text;
  return processSecrets.redact(short);
}

async function versions({ resourcesDir, env }: DiagnosticsSources) {
  const { version, path } = await findNatsServer({ env, resourcesDir }).catch((error: unknown) => ({
    version: LatticeError.from(error).message,
    path: '',
  }));
  return {
    lattice: VERSION,
    node: process.versions.node,
    ...(process.versions.electron === undefined ? {} : { electron: process.versions.electron }),
    nats_server: version,
    nats_server_path: path,
    platform: `${process.platform} ${process.arch}`,
    release: release(),
    memory_bytes: totalmem(),
    collected_at: new Date().toISOString(),
  };
}

function settingsOf({ values, origins }: LoadedConfig) {
  const names = Object.keys(settingTable) as SettingName[];
  return names.map((name) => ({ name, value: shownSetting(name, values[name]), ...origins[name] }));
}

async function hubConfigs(hubDirs: readonly string[]): Promise<DiagnosticsFile[]> {
  const found = await Promise.all(
    hubDirs.map(async (dir, index) => {
      const text = await readFile(configFileIn(dir), 'utf8').catch(() => undefined);
      const name = `hub/${index === 0 ? 'hub' : `private-${index}`}.conf`;
      return text === undefined ? [] : [{ name, what: 'The config of a hub, without its secrets.', text }];
    }),
  );
  return found.flat();
}

/** Keys of this machine that lie in plain files are known from here on, whatever made this process know them before. */
async function learnSecrets(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    const names = await readdir(dir).catch(() => []);
    for (const name of names.filter((each) => /\.(nk|key)$/.test(basename(each))))
      processSecrets.add((await readFile(join(dir, name), 'utf8').catch(() => '')).trim());
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
