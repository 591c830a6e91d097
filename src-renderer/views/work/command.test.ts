import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignCommand, shellQuote } from './command.ts';

const order = {
  task: 'Count to 10',
  context: {},
  agent: 'counter',
  priority: 3,
  max_attempts: 3,
  labels: [],
};

describe('a work as a command', () => {
  it('names only what was asked for', () => {
    expect(assignCommand(order)).toBe("lattice work assign counter 'Count to 10'");
    expect(
      assignCommand({
        ...order,
        agent: undefined,
        capability: 'k8s',
        station: 'st-forge',
        priority: 1,
        deadline: '2026-11-21T16:00:00.000Z',
        timeout_ms: 90_000,
        max_attempts: 5,
        dedupe_key: 'nightly 7',
        labels: ['prod', 'night'],
        context: { to: 10, name: 'a b', text: '10', deep: { a: [1] } },
      }),
    ).toBe(
      "lattice work assign 'Count to 10' --capability k8s --station st-forge --priority 1 " +
        "--deadline 2026-11-21T16:00:00.000Z --timeout 90s --attempts 5 --dedupe 'nightly 7' --label prod --label night " +
        `--context to=10 --context 'name=a b' --context 'text="10"' --context 'deep={"a":[1]}'`,
    );
  });

  it('keeps a task that begins with a dash a task', () => {
    expect(assignCommand({ ...order, task: '--force it', priority: 2 })).toBe(
      "lattice work assign --priority 2 -- counter '--force it'",
    );
  });

  it('is read back by a shell as it was, whatever the task holds', () => {
    const words = fc.array(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(words, (texts) => {
        const script = `printf '%s\\0' x ${texts.map(shellQuote).join(' ')}`;
        const shown = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
        const wellFormed = texts.map((text) => Buffer.from(text).toString('utf8'));
        expect(shown.split('\0').slice(1, -1)).toEqual(wellFormed);
      }),
      { numRuns: 15 },
    );
  });
});
