import type { HubLogLine } from '../../src-shared/views/hub.ts';

/** A line of the hub's log before it has a place in the sequence. */
export type ParsedLine = Omit<HubLogLine, 'seq'> & { fatal: boolean };

const LINE = /^\[\d+\] (\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? \[([A-Z]{3})\] (.*)$/;

const levels: Record<string, HubLogLine['level']> = {
  TRC: 'debug',
  DBG: 'debug',
  INF: 'info',
  WRN: 'warn',
  ERR: 'error',
  FTL: 'error',
};

/** Reads a line of nats-server's log, which writes local time; a line without its mark gets the time `now` and `level`. */
export function parseLogLine(line: string, now: Date, level: HubLogLine['level'] = 'info'): ParsedLine {
  const match = LINE.exec(line);
  if (!match) return { time: now.toISOString(), level, text: line, fatal: false };
  const [, year, month, day, hour, minute, second, fraction = '', mark = '', text = ''] = match;
  const time = new Date(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  return {
    time: time.toISOString(),
    level: levels[mark] ?? level,
    text,
    fatal: mark === 'FTL',
  };
}
