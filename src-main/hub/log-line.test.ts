import { expect, test } from 'vitest';
import { parseLogLine } from './log-line.ts';

const now = new Date('2026-11-21T12:00:00.000Z');

test.each([
  ['[812] 2026/11/21 04:03:49.970530 [INF] Server is ready', 'info', 'Server is ready', false],
  ['[812] 2026/11/21 04:03:49.970530 [WRN] slow', 'warn', 'slow', false],
  ['[812] 2026/11/21 04:03:49.970530 [ERR] no [INF] here', 'error', 'no [INF] here', false],
  ['[812] 2026/11/21 04:03:49.970530 [FTL] gone', 'error', 'gone', true],
  ['[812] 2026/11/21 04:03:49.970530 [TRC] <- PING', 'debug', '<- PING', false],
])('reads %s', (line, level, text, fatal) => {
  const local = new Date(2026, 10, 21, 4, 3, 49, 970).toISOString();
  expect(parseLogLine(line, now)).toEqual({ time: local, level, text, fatal });
});

test.each(['', 'nats-server: no such file', '[x] 2026/11/21 [INF] half', '\u0000'])(
  'keeps %j as it is',
  (line) => {
    expect(parseLogLine(line, now, 'error')).toEqual({
      time: now.toISOString(),
      level: 'error',
      text: line,
      fatal: false,
    });
  },
);
