import { startApp } from './electron/app.ts';

startApp({
  mainDir: import.meta.dirname,
  // Loaded after the window, which waits for none of it.
  createServices: async (options) => (await import('./services.ts')).createServices(options),
});
