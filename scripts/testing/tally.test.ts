import { describe, expect, it } from 'vitest';
import { addTallies, checkTally, tallyLine, vitestTally } from './tally.mjs';

const report = (...files: { status: string; tests: string[] }[]) =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  });

describe('vitestTally', () => {
  it('counts tests by how they ended', () => {
    const text = report(
      { status: 'passed', tests: ['passed', 'passed', 'skipped'] },
      { status: 'failed', tests: ['failed', 'passed', 'todo'] },
    );
    expect(vitestTally(text, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('counts a file that fails outside its tests as one failure', () => {
    const text = report({ status: 'failed', tests: [] }, { status: 'failed', tests: ['skipped'] });
    expect(vitestTally(text, 1)).toEqual({ passed: 0, failed: 2, skipped: 1 });
  });

  it('counts a bad end without a failed test as one failure', () => {
    expect(vitestTally(report({ status: 'passed', tests: ['passed'] }), 1).failed).toBe(1);
  });

  it.each([undefined, '', '{', '[]', '{"testResults":3}'])(
    'counts a run that left %j as one failure',
    (text) => {
      expect(vitestTally(text, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    },
  );
});

describe('tallyLine', () => {
  it('adds all suites up', () => {
    const sum = addTallies([checkTally(true), checkTally(false), { passed: 40, failed: 2, skipped: 0 }]);
    expect(tallyLine(sum)).toBe('41 passed, 3 failed');
  });

  it('names skipped tests only when there are any', () => {
    expect(tallyLine({ passed: 1, failed: 0, skipped: 4 })).toBe('1 passed, 0 failed, 4 skipped');
  });
});
