import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Answer, serveFiles } from '../testing/file-server.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { download } from './download.mjs';

const body = Buffer.alloc(300_000, 7);
const sha256 = createHash('sha256').update(body).digest('hex');

type Options = Partial<Parameters<typeof download>[2]>;

async function fetchFrom(answers: (path: string, url: string) => Answer | undefined, options: Options = {}) {
  const folder = await tempFolder();
  const server = await serveFiles(answers);
  const target = join(folder, 'file');
  const error = await download(`${server.url}file`, target, { sha256, env: {}, ...options }).then(
    () => '',
    (reason: Error) => reason.message,
  );
  return { error, target, files: await readdir(folder) };
}

it('writes the file under its name and tells how far it is', async () => {
  const lines: string[] = [];
  const { error, target, files } = await fetchFrom(() => body, { report: (line) => lines.push(line) });
  expect(error).toBe('');
  expect(files).toEqual(['file']);
  expect((await readFile(target)).equals(body)).toBe(true);
  expect(lines.at(-1)).toMatch(/^100 % of/);
});

it('refuses and deletes a file with another sum', async () => {
  const { error, files } = await fetchFrom(() => Buffer.from('something else'));
  expect(error).toMatch(/another SHA-256 .* It was deleted\./);
  expect(files).toEqual([]);
});

it('follows a redirect', async () => {
  const { error } = await fetchFrom((path, url) => (path === '/file' ? { location: `${url}moved` } : body));
  expect(error).toBe('');
});

it('stops at a redirect without an end', async () => {
  const { error } = await fetchFrom(() => ({ location: '/file' }));
  expect(error).toMatch(/without an end/);
});

it('says the status of a host that has no such file', async () => {
  expect((await fetchFrom(() => 404)).error).toMatch(/answered 404/);
});

it('gives up on a host that does not answer', async () => {
  const { error, files } = await fetchFrom(() => 'silence', { connectTimeoutMs: 100 });
  expect(error).toMatch(/did not answer within 0\.1 s/);
  expect(files).toEqual([]);
});

it('gives up on a host that falls silent halfway', async () => {
  const { error, files } = await fetchFrom(() => ({ half: body }), { stallTimeoutMs: 100 });
  expect(error).toMatch(/fell silent for 0\.1 s/);
  expect(files).toEqual([]);
});

it('says that a host refuses', async () => {
  const folder = await tempFolder();
  const refused = download('http://127.0.0.1:1/file', join(folder, 'file'), { sha256, env: {} });
  await expect(refused).rejects.toThrow('127.0.0.1:1 cannot be reached (it refuses the connection).');
});
