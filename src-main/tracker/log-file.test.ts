import { mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendBoardFile, MAX_FILE_BYTES, readBoardFile, writeBoardFile } from './board-file.ts';
import { readLogText } from './log-text.ts';
import { quarantineTorn } from './quarantine.ts';
import { tempFolder } from './testing/temp-board.ts';

const LINES = ['{"a":1}', '{"b":"é"}', '{"c":[3]}'];

/** What a writer does: look at the log, put aside what is torn, append. */
async function appendSafely(folder: string, log: string, line: string): Promise<void> {
  const text = readLogText(readBoardFile(log) ?? new Uint8Array());
  await quarantineTorn(join(folder, 'quarantine'), log, text);
  await appendBoardFile(log, `${line}\n`);
}

async function quarantined(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'quarantine')).catch(() => []);
  return Promise.all(names.map((name) => readFile(join(folder, 'quarantine', name), 'utf8')));
}

test('survives being cut off after every single byte', async () => {
  const folder = await tempFolder();
  const whole = Buffer.from(`${LINES.join('\n')}\n`);
  for (let bytes = 0; bytes <= whole.length; bytes += 1) {
    const place = join(folder, String(bytes));
    const log = join(place, 'task.jsonl');
    await writeBoardFile(log, whole);
    await truncate(log, bytes);
    await appendSafely(place, log, '{"next":true}');

    const kept = LINES.filter((_, index) => Buffer.byteLength(LINES.slice(0, index + 1).join('\n')) <= bytes);
    expect(await readFile(log, 'utf8')).toBe([...kept, '{"next":true}', ''].join('\n'));
    const rest = whole.subarray(kept.length === 0 ? 0 : Buffer.byteLength(kept.join('\n')) + 1, bytes);
    const aside = await readdir(join(place, 'quarantine')).catch(() => []);
    expect(aside).toHaveLength(rest.length > 0 ? 1 : 0);
    for (const name of aside) expect(await readFile(join(place, 'quarantine', name))).toEqual(rest);
  }
});

test('puts torn lines aside from anywhere in a log, once, byte for byte', async () => {
  const folder = await tempFolder();
  const log = join(folder, 'task.jsonl');
  const rubbish = ['{"half":', '\u0000\u0000\u0000', 'not json'];
  const rows = [rubbish[0], LINES[0], rubbish[1], '', LINES[1], rubbish[2], LINES[2]];
  await writeFile(log, `${rows.join('\n')}\n`);
  await appendSafely(folder, log, '{"d":4}');
  await appendSafely(folder, log, '{"e":5}');
  const lines = readLogText(await readFile(log));
  expect(lines.torn).toEqual([]);
  expect(lines.lines.map((line) => line.value)).toEqual([
    { a: 1 },
    { b: 'é' },
    { c: [3] },
    { d: 4 },
    { e: 5 },
  ]);
  expect((await quarantined(folder)).sort()).toEqual([...rubbish].sort());
});

test('takes bytes that are no text for torn', () => {
  const text = readLogText(
    Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}\n{}')]),
  );
  expect(text.torn).toMatchObject([{ number: 1, last: false }]);
  expect(text.lines).toMatchObject([{ number: 2, value: {} }]);
  expect(text.ended).toBe(false);
});

test('gives a last line its newline before it appends', async () => {
  const log = join(await tempFolder(), 'deep', 'task.jsonl');
  await appendBoardFile(log, '{"a":1}');
  await appendBoardFile(log, '{"b":2}\n');
  expect(await readFile(log, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
  expect((await stat(log)).mode & 0o777).toBe(0o600);
});

test('replaces a file whole and leaves nothing behind', async () => {
  const folder = await tempFolder();
  const file = join(folder, 'ids.json');
  await writeBoardFile(file, 'one');
  await writeBoardFile(file, 'two');
  expect(await readdir(folder)).toEqual(['ids.json']);
  expect(await readFile(file, 'utf8')).toBe('two');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('follows no link out of the board, to read or to write', async () => {
  const folder = await tempFolder();
  const secret = join(folder, 'secret');
  await writeFile(secret, 'mine');
  const link = join(folder, 'task.jsonl');
  await symlink(secret, link);
  expect(() => readBoardFile(link)).toThrow(expect.objectContaining({ code: 'unsafe' }));
  await expect(appendBoardFile(link, 'x')).rejects.toMatchObject({ code: 'unsafe' });
  await writeBoardFile(link, 'ours');
  expect(await readFile(secret, 'utf8')).toBe('mine');
});

test('reads no folder for a file, and no log beyond its limit', async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, 'a.json'));
  expect(() => readBoardFile(join(folder, 'a.json'))).toThrow(expect.objectContaining({ code: 'unsafe' }));
  const big = join(folder, 'big.jsonl');
  await writeFile(big, '{}\n');
  await truncate(big, MAX_FILE_BYTES + 1);
  expect(() => readBoardFile(big)).toThrow(expect.objectContaining({ code: 'too_large' }));
  await expect(appendBoardFile(big, '{}\n')).rejects.toMatchObject({ code: 'too_large' });
  expect((await stat(big)).size).toBe(MAX_FILE_BYTES + 1);
  expect(readBoardFile(join(folder, 'none'))).toBeUndefined();
});
