import { type Logger, pino } from 'pino';
import { LogFile } from './log-file.ts';

export interface AppLog {
  log: Logger;
  file: LogFile;
}

/** Opens the app's log in `folder`; `LATTICE_LOG_LEVEL` sets the level, `info` by default. */
export function openLog(folder: string, env: NodeJS.ProcessEnv): AppLog {
  const file = new LogFile({ folder });
  const level = env.LATTICE_LOG_LEVEL ?? 'info';
  const log = pino(
    {
      level: level in pino.levels.values ? level : 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    file,
  );
  return { log, file };
}
