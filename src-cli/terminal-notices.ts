import type { Notify } from '../src-main/hooks/hook.ts';
import { type Output, paint } from './output.ts';
import { safeText } from './safe-text.ts';

/** What hooks say where a station runs in a terminal: plain lines, also for the desktop. */
export function terminalNotices(output: Pick<Output, 'line'>): Notify {
  const line = (text: string) => output.line(safeText(text).replaceAll('\n', ' '));
  return {
    terminal: line,
    desktop: ({ title, body }) => line(`${title}: ${body}`),
    log: (level, text) => line(`${paint(level === 'info' ? 'dim' : 'yellow', level)} ${text}`),
  };
}
