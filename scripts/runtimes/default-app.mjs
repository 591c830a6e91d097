import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPackage } from '@electron/asar';

/**
 * Writes our own `default_app.asar` into the resources of an Electron that came without one.
 * @param {string} resources
 */
export async function writeDefaultApp(resources) {
  await createPackage(
    fileURLToPath(new URL('./default-app', import.meta.url)),
    join(resources, 'default_app.asar'),
  );
}
