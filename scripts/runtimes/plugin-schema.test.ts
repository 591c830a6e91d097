import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serveFiles } from '../testing/file-server.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { addToCache } from './cache.mjs';
import { ohMyOpenCodeSchema } from './plugin-schema.mjs';

const file = 'oh-my-opencode.schema.json';

it('takes a given path, and what was cached, without asking the registry', async () => {
  const root = await tempFolder();
  const registry = 'http://127.0.0.1:9';
  expect(await ohMyOpenCodeSchema({ env: { LATTICE_OH_MY_OPENCODE_SCHEMA: '/a' }, root, registry })).toBe(
    '/a',
  );
  const cached = await addToCache(root, 'oh-my-opencode-schema-v4.19.4', async (folder: string) => {
    await writeFile(join(folder, file), '{}');
    return { executable: file, version: '4.19.4', source: 'a test' };
  });
  expect(await ohMyOpenCodeSchema({ env: {}, root, registry })).toBe(cached.path);
});

it('fails with the reason and what to do when the registry does not have it', async () => {
  const root = await tempFolder();
  const server = await serveFiles(() => undefined);
  const failing = ohMyOpenCodeSchema({ env: {}, root: join(root, 'cache'), registry: server.url });
  await expect(failing).rejects.toThrow(
    /schema of oh-my-opencode could not be brought[\s\S]*the npm registry: npm pack ended with 1[\s\S]*LATTICE_OH_MY_OPENCODE_SCHEMA/,
  );
});
