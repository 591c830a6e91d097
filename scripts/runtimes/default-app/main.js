import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, dialog } from 'electron';

/** Starts the app whose folder or entry file is the first argument that is not a switch, as Electron's own default app does. */
async function start() {
  const argument = process.argv.slice(1).find((value) => !value.startsWith('-'));
  if (!argument) throw new Error('Say which app to start: electron <folder>.');
  const given = resolve(argument);
  const isFolder = statSync(given).isDirectory();
  const folder = isFolder ? given : dirname(given);
  const manifest = isFolder ? JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) : {};
  const name = manifest.productName ?? manifest.name;
  if (name) app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
  app.setAppPath(folder);
  const entry = createRequire(join(folder, 'package.json')).resolve(
    isFolder ? join(folder, manifest.main ?? 'index.js') : given,
  );
  await import(pathToFileURL(entry).href);
}

try {
  await start();
} catch (error) {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${message}\n`);
  if (process.platform !== 'linux') dialog.showErrorBox('The app did not start', message);
  process.exit(1);
}
