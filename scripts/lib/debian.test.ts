import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../testing/temp-folder.ts';
import { missingPackages, packageOfLibrary, parseMissingLibraries } from './debian.mjs';

it('reads what a program does not find', () => {
  const listing = [
    '\tlinux-vdso.so.1 (0x00007fff)',
    '\tlibnss3.so => not found',
    '\tlibgtk-3.so.0 => not found',
    '\tlibnss3.so => not found',
    '\tlibc.so.6 => /lib/libc.so.6 (0x00007f)',
  ].join('\n');
  const missing = parseMissingLibraries(listing);
  expect(missing).toEqual(['libgtk-3.so.0', 'libnss3.so']);
  expect(missing.map(packageOfLibrary)).toEqual(['libgtk-3-0', 'libnss3']);
});

it('counts a package under its newer name and one that was only configured once', async () => {
  const folder = await tempFolder();
  const listed = 'ii |xvfb\\nii |libgtk-3-0t64\\nrc |xauth\\n';
  await writeFile(join(folder, 'dpkg-query'), `#!/bin/sh\nprintf '${listed}'\n`, { mode: 0o755 });
  const missing = await missingPackages(['xvfb', 'xauth', 'libgtk-3-0', 'libnss3'], { PATH: folder });
  expect(missing).toEqual(['xauth', 'libnss3']);
});

it('knows nothing of packages elsewhere', async () => {
  expect(await missingPackages(['xvfb'], { PATH: await tempFolder() })).toBeUndefined();
});
