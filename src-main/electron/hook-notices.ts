import type { Logger } from 'pino';
import type { Notify } from '../hooks/hook.ts';
import type { Notifier } from './notifier.ts';

/** What hooks say in the app: a notification of the system, and lines in the log of the app in place of a terminal. */
export function hookNotices(notifier: Pick<Notifier, 'show'>, log: Logger, open: () => void): Notify {
  const levels = { info: 'info', warning: 'warn', error: 'error' } as const;
  const show = (said: { title: string; body: string }) =>
    notifier.show(`hook ${said.title}`, { ...said, body: said.body.slice(0, 500) }, open);
  return {
    terminal: (body) => {
      log.info({ hook: true }, body);
      show({ title: 'Lattice', body });
    },
    desktop: show,
    log: (level, text) => log[levels[level]]({ hook: true }, text),
  };
}
