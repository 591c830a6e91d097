import { appendFile, mkdir, readdir, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HubFixture } from './hub-fixture.ts';
import { pruneLogBackups } from './log-backups.ts';
import { LogTail } from './log-tail.ts';

let fixture: HubFixture;
let file: string;
let lines: string[];
let tail: LogTail;
beforeEach(async () => {
  fixture = await HubFixture.create();
  file = join(fixture.folder, 'hub.log');
  lines = [];
  tail = new LogTail({ file, pollMs: 5, onLines: (more) => lines.push(...more) });
  fixture.defer(() => tail[Symbol.asyncDispose]());
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

test('waits for a file, joins lines that come in pieces, and follows a rotation', async () => {
  await tail.start();
  await appendFile(file, Buffer.from('one\ntw').subarray(0, 6));
  await vi.waitFor(() => expect(lines).toEqual(['one']));
  await appendFile(file, 'o é\r\n');
  await tail.read();
  await appendFile(file, 'last of the old\n');
  await rename(file, `${file}.2026.11.21.04.03.49.970530`);
  await writeFile(file, 'first of the new\n');
  await vi.waitFor(() => expect(lines).toEqual(['one', 'two é', 'last of the old', 'first of the new']));
  await truncate(file, 0);
  await tail.read();
  await appendFile(file, 'anew\n');
  await vi.waitFor(() => expect(lines.at(-1)).toBe('anew'));
});

test('begins a long file near its end, at a whole line, and cuts an endless one', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `line ${String(index).padStart(20, '0')}`);
  await writeFile(file, `${many.join('\n')}\n`);
  await tail.start();
  expect(lines.length).toBeGreaterThan(1_000);
  expect(lines).toEqual(many.slice(-lines.length));
  await appendFile(file, 'x'.repeat(600_000));
  await appendFile(file, '\nend\n');
  await tail.read();
  expect(lines.at(-1)).toBe('end');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16_384);
});

test('old rotated logs go, and nothing else', async () => {
  await mkdir(join(fixture.folder, 'hub.log.d'));
  await writeFile(join(fixture.folder, 'hub.log.mine'), '');
  for (let day = 10; day < 18; day += 1)
    await writeFile(join(fixture.folder, `hub.log.2026.11.${day}.04.03.49.970530`), '');
  await pruneLogBackups(file, 2);
  expect((await readdir(fixture.folder)).sort()).toEqual([
    'hub.log.2026.11.16.04.03.49.970530',
    'hub.log.2026.11.17.04.03.49.970530',
    'hub.log.d',
    'hub.log.mine',
  ]);
  await pruneLogBackups(join(fixture.folder, 'none', 'hub.log'), 2);
});
