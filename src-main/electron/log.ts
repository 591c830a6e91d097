import { type Logger, pino } from 'pino';
import { RedactingStream } from '../secrets/redacting-stream.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { LogFile } from './log-file.ts';

export interface AppLog {
  log: Logger;
  file: LogFile;
}

/** Opens the app's log in `folder`, which no secret gets into; `LATTICE_LOG_LEVEL` sets the level, `info` by default. */
export function openLog(folder: string, env: NodeJS.ProcessEnv, redactor: Redactor): AppLog {
  const file = new LogFile({ folder });
  const clean = new RedactingStream(redactor);
  const level = env.LATTICE_LOG_LEVEL ?? 'info';
  const log = pino(
    {
      level: level in pino.levels.values ? level : 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write: (line: string) => file.write(clean.push(line)) },
  );
  return { log, file };
}
