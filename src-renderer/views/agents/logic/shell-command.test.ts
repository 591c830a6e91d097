import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextText, execCommand, shellQuote, timeoutText } from './shell-command.ts';

/** The arguments that a shell makes of a command line. */
function argumentsOf(line: string): string[] {
  const out = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`]);
  return out.toString('utf8').split('\0').slice(0, -1);
}

// A lone surrogate cannot be written as UTF-8, so no argument holds one.
const text = fc.string({ unit: 'grapheme-composite' }).map((value) => value.replaceAll('\0', ''));

describe('a word for the shell', () => {
  it('comes back from sh as it was', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (words) => {
        expect(argumentsOf(words.map(shellQuote).join(' '))).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what a shell would act on', () => {
    const words = ["it's", '$HOME', '`id`', 'a\nb', '', '"', '\\', '*', '!!', '; rm -rf /', '-n'];
    expect(argumentsOf(words.map(shellQuote).join(' '))).toEqual(words);
  });

  it('stays bare when it can', () => {
    expect(shellQuote('k8s-admin')).toBe('k8s-admin');
    expect(shellQuote('a b')).toBe("'a b'");
  });
});

describe('a value of the context', () => {
  it('is read back as the same value', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text), fc.constant(null)), (value) => {
        const written = contextText(value);
        let read: unknown;
        try {
          read = JSON.parse(written);
        } catch {
          read = written;
        }
        expect(read).toEqual(value);
      }),
    );
  });
});

describe('the command of a run', () => {
  it('names agent and task, and only what differs from the default', () => {
    expect(execCommand({ agent: 'counter', task: 'Count to ten', context: {}, timeoutMs: 300_000 })).toBe(
      "lattice agent exec counter 'Count to ten'",
    );
  });

  it('carries context, station and limit', () => {
    const line = execCommand({
      agent: 'counter',
      task: '-v',
      context: { to: 10, label: '10', note: "Ann's" },
      station: 'forge',
      timeoutMs: 90_000,
    });
    expect(line).toBe(
      `lattice agent exec --context to=10 --context 'label="10"' --context 'note=Ann'\\''s' --station forge --timeout 90s -- counter -v`,
    );
  });

  it('writes limits in their largest whole unit', () => {
    expect([3_600_000, 300_000, 90_000, 1_500].map(timeoutText)).toEqual(['1h', '5m', '90s', '1500ms']);
  });
});
