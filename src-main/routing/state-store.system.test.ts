import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LatticeError } from '../../src-shared/errors.ts';
import { identify } from '../system/process-identity.ts';
import { emptyState, type StateFile } from './state-file.ts';
import { StateStore } from './state-store.ts';
import { bundleScript } from './testing/bundle-script.ts';

let folder = '';
let file = '';
let problems: LatticeError[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-state-'));
  file = join(folder, 'state.json');
  problems = [];
});
afterEach(() => rm(folder, { recursive: true }));

const open = (lockTimeoutMs = 10_000) =>
  new StateStore({ file, lockTimeoutMs, onProblem: (problem) => problems.push(problem) });

const callsOf = (state: StateFile, agent = 'coder') => state.routing_state[agent]?.call_count ?? 0;

function countUp(state: StateFile, agent = 'coder'): { state: StateFile; result: number } {
  const call_count = callsOf(state, agent) + 1;
  const own = { strategy: 'pattern', call_count, pattern_index: call_count % 4 } as const;
  return { state: { ...state, routing_state: { ...state.routing_state, [agent]: own } }, result: call_count };
}

describe('the state', () => {
  test('is written in the shape of the design document and read again', async () => {
    await open().update((state) => countUp(state));
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      ...emptyState,
      routing_state: { coder: { strategy: 'pattern', call_count: 1, pattern_index: 1 } },
    });
    expect(callsOf(open().read())).toBe(1);
  });

  test('reads the example of the design document and keeps what nobody knows', async () => {
    const example = {
      routing_state: {
        implementer: {
          strategy: 'pattern',
          pattern_index: 2,
          call_count: 47,
          last_model: 'anthropic/claude-sonnet-4-5',
        },
        experimental: {
          strategy: 'weighted',
          call_count: 31,
          distribution: { 'google/gemini-2.5-pro': 14 },
          note: 'mine',
        },
      },
      provider_usage: {},
      something_else: { of: 'another version' },
    };
    await writeFile(file, JSON.stringify(example));
    await open().update((state) => countUp(state));
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject(example);
    expect(problems).toEqual([]);
  });

  test('is not written when nothing changed', async () => {
    await open().update((state) => ({ state, result: undefined }));
    expect(await readdir(folder)).toEqual([]);
  });

  test('a change that throws fails alone', async () => {
    const store = open();
    const results = await Promise.allSettled([
      store.update((state) => countUp(state)),
      store.update(() => {
        throw new Error('no');
      }),
      store.update((state) => countUp(state)),
    ]);
    expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(callsOf(store.read())).toBe(2);
  });

  test('loses no change of two stores in one process', async () => {
    const stores = [open(), open()];
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, index) => stores[index % 2]?.update((state) => countUp(state))),
    );
    expect([...results].sort((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  test('a store sees what another one wrote', async () => {
    const [reader, writer] = [open(), open()];
    expect(callsOf(reader.read())).toBe(0);
    await writer.update((state) => countUp(state));
    expect(callsOf(reader.read())).toBe(1);
  });

  test('that does not wait for the disk is seen by others at once all the same', async () => {
    const quick = new StateStore({
      file,
      waitForDisk: false,
      onProblem: (problem) => problems.push(problem),
    });
    for (let count = 1; count <= 20; count++) {
      expect(await quick.update((state) => countUp(state))).toBe(count);
      expect(callsOf(open().read())).toBe(count);
    }
    expect(await open().update((state) => countUp(state))).toBe(21);
    expect(await quick.update((state) => countUp(state))).toBe(22);
    expect(problems).toEqual([]);
  });

  test('names the process that keeps the lock', async () => {
    const holder = { pid: process.pid, started: (await identify(process.pid))?.start_time, turn: 'another' };
    await writeFile(`${file}.lock`, JSON.stringify(holder));
    await expect(open(50).update((state) => countUp(state))).rejects.toMatchObject({
      code: 'busy',
      message: `The routing state is held by another process (pid ${process.pid}).`,
    });
  });

  test('says so when its place is a folder', async () => {
    await mkdir(file);
    await expect(open().update((state) => countUp(state))).rejects.toMatchObject({ code: 'io_failed' });
  });
});

describe('a damaged state', () => {
  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"routing_state": 3}',
    '{"routing_state": {"coder": {"strategy": "pattern", "call_count": -1}}}',
    '\u0000\u0000\u0000',
  ])('%j is set aside and said', async (text) => {
    await writeFile(file, text);
    expect(open().read()).toEqual(emptyState);
    expect(await readFile(file, 'utf8')).toBe(text);
    await open().update((state) => countUp(state));
    const aside = (await readdir(folder)).find((name) => name.startsWith('state.json.damaged-'));
    expect(await readFile(join(folder, aside ?? ''), 'utf8')).toBe(text);
    expect(callsOf(open().read())).toBe(1);
    expect(problems.at(-1)?.message).toBe(`${file} is damaged. It was set aside as ${aside}.`);
  });
});

describe('a writer that is killed', () => {
  test('at any byte of its write leaves the state before it', async () => {
    await open().update((state) => countUp(state));
    const before = await readFile(file);
    const after = Buffer.from(`${JSON.stringify(countUp(open().read()).state, undefined, 2)}\n`);
    for (let length = 0; length <= after.length; length++) {
      await writeFile(join(folder, '.state.json.draft-killed'), after.subarray(0, length));
      expect(callsOf(open().read())).toBe(1);
    }
    await open().update((state) => countUp(state));
    expect(callsOf(open().read())).toBe(2);
    expect(before.length).toBeLessThan(after.length + 1);
    expect(await readdir(folder)).toEqual(['state.json']);
    expect(problems).toEqual([]);
  });

  test('a file cut at any byte, as only a broken disk leaves it, never stops routing', async () => {
    await open().update((state) => countUp(state));
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length++) {
      await writeFile(file, whole.subarray(0, length));
      problems = [];
      const calls = await open().update((state) => countUp(state));
      const readable = length === whole.length - 1;
      expect([calls, problems.length]).toEqual(readable ? [2, 0] : [1, 1]);
    }
  });

  describe('for real', () => {
    const pattern = ['a/x', 'a/x', 'a/x', 'b/y'];
    let scripts = '';
    let script = '';
    beforeAll(async () => {
      scripts = await mkdtemp(join(tmpdir(), 'lattice-script-'));
      script = await bundleScript(fileURLToPath(new URL('testing/route-calls.ts', import.meta.url)), scripts);
    });
    afterAll(() => rm(scripts, { recursive: true }));

    /** Starts a process that routes calls; `killAfter` kills it some moments after it has said so many. */
    async function route(count: number, killAfter = Number.POSITIVE_INFINITY): Promise<string[]> {
      const child = spawn(process.execPath, [script, file, pattern.join(','), String(count)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      const models: string[] = [];
      for await (const model of createInterface({ input: child.stdout })) {
        models.push(model);
        if (models.length !== killAfter) continue;
        for (let moment = 0; moment < killAfter * 20; moment++) await nextTurn();
        child.kill('SIGKILL');
      }
      await exited;
      return models;
    }

    test('two processes at once keep the exact ratio of the pattern', async () => {
      const both = (await Promise.all([route(100), route(100)])).flat();
      expect(both.filter((model) => model === 'a/x')).toHaveLength(150);
      expect(both.filter((model) => model === 'b/y')).toHaveLength(50);
      expect(open().read().routing_state.coder).toMatchObject({ call_count: 200, pattern_index: 0 });
    });

    test('kill -9 at any moment loses no call that was said and gives no slot out twice', async () => {
      const said: string[] = [];
      let unsaid = 0;
      for (let round = 0; round < 8; round++) {
        said.push(...(await route(10_000, 1 + round * 3)));
        const calls = callsOf(open().read());
        const lost = calls - said.length - unsaid;
        expect([0, 1]).toContain(lost);
        unsaid += lost;
      }
      said.push(...(await route(40)));
      expect(callsOf(open().read())).toBe(said.length + unsaid);
      expect(open().read().routing_state.coder?.pattern_index).toBe((said.length + unsaid) % 4);
      const drafts = (await readdir(folder)).filter((name) => name.startsWith('.state.json'));
      expect(drafts).toEqual([]);
      expect(problems).toEqual([]);
    });
  });
});
