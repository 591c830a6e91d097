import { readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeZip } from '../testing/make-zip.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { extractZip } from './zip.mjs';

async function unpack(archive: Buffer, options?: Parameters<typeof extractZip>[2]): Promise<string> {
  const folder = await tempFolder();
  const file = join(folder, 'archive.zip');
  await writeFile(file, archive);
  await extractZip(file, join(folder, 'out'), options);
  return join(folder, 'out');
}

it('unpacks files with their modes, folders and links', async () => {
  const out = await unpack(
    makeZip([
      { name: 'a/', body: '' },
      { name: 'a/tool', body: 'x'.repeat(100_000), mode: 0o100755 },
      { name: 'a/stored', body: 'as it is', stored: true },
      { name: 'a/empty', body: '', stored: true },
      { name: 'a/link', body: 'tool', mode: 0o120777, stored: true },
    ]),
  );
  expect((await readFile(join(out, 'a/tool'), 'utf8')).length).toBe(100_000);
  expect((await stat(join(out, 'a/tool'))).mode & 0o777).toBe(0o755);
  expect(await readFile(join(out, 'a/stored'), 'utf8')).toBe('as it is');
  expect(await readFile(join(out, 'a/empty'), 'utf8')).toBe('');
  expect(await readlink(join(out, 'a/link'))).toBe('tool');
});

it('leaves out and renames what it is told to', async () => {
  const archive = makeZip([
    { name: 'keep', body: 'k' },
    { name: 'drop', body: 'd' },
  ]);
  const out = await unpack(archive, { rename: (name) => (name === 'keep' ? 'kept' : undefined) });
  expect(await readFile(join(out, 'kept'), 'utf8')).toBe('k');
  await expect(stat(join(out, 'drop'))).rejects.toThrow('ENOENT');
});

it.each(['../out.txt', 'a/../../out.txt', '/etc/out.txt', '..\\out.txt', 'C:/out.txt'])(
  'refuses the name %s',
  async (name) => {
    await expect(unpack(makeZip([{ name, body: 'x' }]))).rejects.toThrow('outside its folder');
  },
);

it.each([
  ['nothing', () => Buffer.alloc(0)],
  ['rubbish', () => Buffer.from('<html>404</html>')],
  ['half of it', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
])('refuses %s', async (_name, damage) => {
  const whole = makeZip([{ name: 'a', body: 'x'.repeat(1000), stored: true }]);
  await expect(unpack(damage(whole))).rejects.toThrow('not a whole zip');
});
