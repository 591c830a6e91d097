import { app, type BrowserWindow, powerMonitor } from 'electron';
import type { QuitController } from './quit.ts';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Sends every way the system ends an app through the quit controller; a signal or a shutdown does not ask. */
export function quitOnSystemRequest(quit: QuitController, window: BrowserWindow): void {
  const stopNow = () => quit.request({ force: true });
  for (const signal of SIGNALS) process.on(signal, stopNow);
  app.on('before-quit', (event) => {
    event.preventDefault();
    quit.request({ force: false });
  });
  window.on('session-end', stopNow);
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    stopNow();
  });
}
