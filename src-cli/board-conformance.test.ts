import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBoardCommand } from './testing/board-program.ts';

const TRANSCRIPT = join(import.meta.dirname, '../../shared/golden/tracker/board-a/transcript.jsonl');
const BOARD_VERBS = ['init', 'doctor', 'rebuild', 'stats'];
const START = Date.parse('2026-11-21T02:23:10Z');

interface Recorded {
  args: string[];
  exit: number;
  stdout: string;
}

const ID = /^(?:task|ev|art|inst)_[0-9A-HJKMNP-TV-Z]{26}$/;
const IDS = /(?:task|ev|art|inst)_[0-9A-HJKMNP-TV-Z]{26}/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe.runIf(existsSync(TRANSCRIPT))('the recorded commands of lattice-tracker', () => {
  const commands: Recorded[] = existsSync(TRANSCRIPT)
    ? readFileSync(TRANSCRIPT, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  /** Ids of the recording and ours, each standing for exactly one of the other. */
  const ours = new Map<string, string>();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lattice-conform-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  function translate(value: unknown, actual: unknown): unknown {
    if (typeof value === 'string') {
      if (ID.test(value) && typeof actual === 'string' && ID.test(actual) && !ours.has(value)) {
        if (![...ours.values()].includes(actual)) ours.set(value, actual);
      }
      if (TIME.test(value) && typeof actual === 'string' && TIME.test(actual)) return actual;
      return value.replace(IDS, (id) => ours.get(id) ?? id);
    }
    if (typeof value !== 'object' || value === null) return value;
    const there = typeof actual === 'object' && actual !== null ? new Map(Object.entries(actual)) : new Map();
    if (Array.isArray(value)) return value.map((each, index) => translate(each, there.get(String(index))));
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, translate(each, there.get(key))]),
    );
  }

  it.each(commands.map((command, index) => ({ ...command, index, line: command.args.join(' ') })))(
    '$index: $line',
    async ({ args, exit, stdout, index }) => {
      const [verb = ''] = args;
      const words = args.map((arg) => arg.replace(IDS, (id) => ours.get(id) ?? id));
      const ran = await runBoardCommand([BOARD_VERBS.includes(verb) ? 'board' : 'task', ...words], {
        cwd: folder,
        now: () => new Date(START + index * 1_000),
      });
      expect(ran.code).toBe(exit);
      if (!args.includes('--json')) return;
      expect(ran.stdout.endsWith('}\n\n')).toBe(true);
      const actual = JSON.parse(ran.stdout);
      if (actual.error) delete actual.error.hint;
      expect(actual).toEqual(translate(JSON.parse(stdout), actual));
    },
  );

  it('leaves the same plans behind', async () => {
    const plans = join(TRANSCRIPT, '../.lattice/plans');
    for (const id of ['task_01M7XYMBWG9ZK5AN6NT67YKJEH', 'task_01M7XYMCNPZJ7QTDJV98CME3V4']) {
      const mine = await readFile(join(folder, '.lattice/plans', `${ours.get(id)}.md`), 'utf8');
      expect(mine).toBe(await readFile(join(plans, `${id}.md`), 'utf8'));
    }
  });
});
