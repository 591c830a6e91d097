import { app, type BrowserWindow, dialog } from 'electron';
import type { Logger } from 'pino';
import { ReloadBackoff } from './reload-backoff.ts';

/** Logs what nobody caught; the app goes on, since runs of others may depend on it. */
export function logUncaught(log: Logger): void {
  process.on('uncaughtException', (error) => log.fatal({ err: error }, 'Uncaught exception'));
  process.on('unhandledRejection', (reason) => log.fatal({ err: reason }, 'Unhandled rejection'));
  app.on('child-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') log.error(details, 'A helper process of the window ended');
  });
}

export interface RecoveryOptions {
  window: BrowserWindow;
  log: Logger;
  /** Loads the page of the window anew. */
  reload(): void;
  /** Hears that the page is being loaded anew after a crash. */
  onReturn(): void;
}

/** Loads the window again when its process dies, and asks the person when it dies too often or hangs. */
export function recoverWindow({ window, log, reload, onReturn }: RecoveryOptions): Disposable {
  const backoff = new ReloadBackoff();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  const comeBack = () => {
    reload();
    onReturn();
  };
  const ask = async (message: string, keep: string, loadAgain: () => void) => {
    if (asking || window.isDestroyed()) return;
    asking = true;
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message,
      detail: 'The hub and all runs go on.',
      buttons: ['Load again', keep],
      cancelId: 1,
    });
    asking = false;
    if (response === 0) loadAgain();
  };

  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    const delay = backoff.next(Date.now());
    log.error({ ...details, delay }, 'The window crashed');
    clearTimeout(timer);
    if (delay === undefined) void ask('The window keeps crashing.', 'Leave it', comeBack);
    else timer = setTimeout(comeBack, delay);
  });
  window.on('unresponsive', () => {
    log.warn('The window does not answer');
    void ask('The window does not answer.', 'Wait', reload);
  });
  window.on('responsive', () => log.info('The window answers again'));
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
