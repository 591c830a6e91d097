import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LatticeError } from '../../src-shared/errors.ts';
import type { UsageEntry } from '../../src-shared/routing/usage.ts';
import { UsageLog } from './usage-log.ts';

const NOON = new Date(2026, 10, 21, 12).getTime();
const DAY = 86_400_000;

let dir = '';
let problems: LatticeError[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lattice-usage-'));
  problems = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const open = () => new UsageLog({ dir, onProblem: (problem) => problems.push(problem) });

let ids = 0;
function entry(change: Partial<UsageEntry> = {}, at = NOON): UsageEntry {
  return {
    id: `c${ids++}`,
    time: new Date(at).toISOString(),
    agent: 'coder',
    provider: 'openai',
    model: 'openai/gpt-4o',
    outcome: 'ok',
    input_tokens: 1_000,
    output_tokens: 100,
    usd: 0.5,
    ...change,
  };
}

describe('the usage log', () => {
  test('has a file a day and sums the day and the calendar month', async () => {
    const log = open();
    await log.append(entry());
    await log.append(entry({}, NOON - DAY));
    await log.append(entry({}, NOON - 30 * DAY));
    expect((await readdir(dir)).sort()).toEqual(['2026-10-22.jsonl', '2026-11-20.jsonl', '2026-11-21.jsonl']);
    const { today, month } = open().figures(NOON);
    expect([today.all.calls, month.all.calls]).toEqual([1, 2]);
    expect(month.by_provider.openai).toMatchObject({ usd: 1 });
    expect(Object.keys(month.by_day)).toEqual(['2026-11-20', '2026-11-21']);
  });

  test('sees what another process adds, and an empty log is empty', async () => {
    const reader = open();
    expect(reader.figures(NOON).today.all.calls).toBe(0);
    for (let call = 1; call <= 5; call++) {
      await open().append(entry({ latency_ms: 800 }));
      expect(reader.figures(NOON).today.all.calls).toBe(call);
    }
    expect(reader.latencies(NOON)).toEqual({ 'openai/gpt-4o': 800 });
    expect(reader.entries('2026-11-21')).toHaveLength(5);
    expect(reader.entries('2026-11-22')).toEqual([]);
  });

  test('counts a call once, with the numbers of the provider', async () => {
    const log = open();
    await log.append(entry({ id: 'same', usd: 3, usd_estimated: true }));
    await log.append(entry({ id: 'same', usd: 2 }));
    expect(log.figures(NOON).today.all).toMatchObject({ calls: 1, usd: 2, estimated_usd: 0 });
  });

  test('loses nothing when many write at once', async () => {
    const logs = [open(), open(), open()];
    await Promise.all(Array.from({ length: 90 }, (_, index) => logs[index % 3]?.append(entry())));
    expect(open().figures(NOON).today.all.calls).toBe(90);
    expect(problems).toEqual([]);
  });
});

describe('a line that was cut at any byte', () => {
  test('costs at most that one call and is said', async () => {
    const whole = `${JSON.stringify(entry())}\n`;
    const file = join(dir, '2026-11-21.jsonl');
    for (let length = 0; length <= whole.length; length += 7) {
      problems = [];
      await writeFile(file, `${JSON.stringify(entry())}\n${whole.slice(0, length)}`);
      await open().append(entry());
      const readable = length >= whole.length - 1;
      expect(open().figures(NOON).today.all.calls).toBe(readable ? 3 : 2);
      expect(problems).toHaveLength(readable || length === 0 ? 0 : 1);
    }
  });

  test('is not counted before its end is there', async () => {
    const log = open();
    const line = JSON.stringify(entry({ agent: 'coder-ü' }));
    const file = join(dir, '2026-11-21.jsonl');
    const bytes = Buffer.from(`${line}\n`);
    const cut = bytes.indexOf(Buffer.from('ü')) + 1;
    await writeFile(file, bytes.subarray(0, cut));
    expect(log.figures(NOON).today.all.calls).toBe(0);
    await appendFile(file, bytes.subarray(cut));
    expect(log.figures(NOON).today.by_agent['coder-ü']?.calls).toBe(1);
    expect(problems).toEqual([]);
  });
});

describe('rubbish', () => {
  test.each([
    '\u0000\u0000',
    'null',
    '{}',
    '{"id":"x"}',
    JSON.stringify(entry({ usd: -5 })),
    JSON.stringify(entry({ input_tokens: 1.5 })),
    `${'x'.repeat(100_000)}`,
  ])('%.40s is left out and said', async (line) => {
    await writeFile(join(dir, '2026-11-21.jsonl'), `${line}\n${JSON.stringify(entry())}\n`);
    expect(open().figures(NOON).today.all.calls).toBe(1);
    expect(problems.map((each) => each.message)).toEqual([
      `One line of the usage log ${join(dir, '2026-11-21.jsonl')} cannot be read and is not counted.`,
    ]);
  });

  test('bytes that are no text do not shift what comes after them', async () => {
    const log = open();
    const file = join(dir, '2026-11-21.jsonl');
    await writeFile(
      file,
      Buffer.concat([Buffer.from([0xff, 0xfe, 0x80, 0x0a]), Buffer.from(`${JSON.stringify(entry())}\n`)]),
    );
    expect(log.figures(NOON).today.all.calls).toBe(1);
    await log.append(entry());
    expect(log.figures(NOON).today.all.calls).toBe(2);
  });

  test('numbers that cannot be are refused where they enter', async () => {
    for (const wrong of [{ usd: Number.NaN }, { input_tokens: -1 }, { time: 'now' }, { id: '' }]) {
      await expect(open().append({ ...entry(), ...wrong })).rejects.toMatchObject({
        code: expect.stringMatching('invalid_input'),
      });
    }
    expect(await readdir(dir)).toEqual([]);
  });

  test('a file that was cut short or replaced is read again from its start', async () => {
    const log = open();
    const file = join(dir, '2026-11-21.jsonl');
    await log.append(entry());
    await log.append(entry());
    expect(log.figures(NOON).today.all.calls).toBe(2);
    await writeFile(file, `${(await readFile(file, 'utf8')).split('\n')[0]}\n`);
    expect(log.figures(NOON).today.all.calls).toBe(1);
    await rm(file);
    expect(log.figures(NOON).today.all.calls).toBe(0);
  });

  test('a log that cannot be written says so', async () => {
    await rm(dir, { recursive: true });
    await writeFile(dir, 'a file');
    await expect(open().append(entry())).rejects.toMatchObject({ code: 'io_failed' });
  });
});
