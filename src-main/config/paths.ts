import { join } from 'node:path';
import envPaths from 'env-paths';

/** The folders of this user; created by whoever writes into them first. */
export interface Paths {
  configDir: string;
  dataDir: string;
  cacheDir: string;
  logDir: string;
  /** The station's settings file. */
  configFile: string;
}

/** Folders by platform custom (XDG on Linux); `LATTICE_HOME` puts all of them into one folder. */
export function resolvePaths(env: NodeJS.ProcessEnv = process.env): Paths {
  const home = env.LATTICE_HOME;
  const folders = home
    ? {
        config: join(home, 'config'),
        data: join(home, 'data'),
        cache: join(home, 'cache'),
        log: join(home, 'log'),
      }
    : envPaths('lattice', { suffix: '' });
  return {
    configDir: folders.config,
    dataDir: folders.data,
    cacheDir: folders.cache,
    logDir: folders.log,
    configFile: join(folders.config, 'config.yaml'),
  };
}
