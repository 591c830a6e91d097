/**
 * @typedef {object} Tally How many tests ended how.
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Adds tallies up.
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function addTallies(tallies) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
  }
  return sum;
}

/**
 * The last line of a test run: `N passed, N failed`, with `, N skipped` when there are any.
 * @param {Tally} tally
 */
export function tallyLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * The tally of a single check.
 * @param {boolean} ok
 * @returns {Tally}
 */
export function checkTally(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/**
 * Reads the JSON report of vitest. A file that fails outside its tests counts as one failure, and so does a run that
 * left no report or ended badly without naming a test.
 * @param {string | undefined} report
 * @param {number} exitCode
 * @returns {Tally}
 */
export function vitestTally(report, exitCode) {
  const results = parseResults(report);
  if (!results) return checkTally(false);
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const file of results) {
    const before = tally.failed;
    for (const test of file.assertionResults ?? []) {
      if (test.status === 'passed') tally.passed += 1;
      else if (test.status === 'failed') tally.failed += 1;
      else tally.skipped += 1;
    }
    if (file.status === 'failed' && tally.failed === before) tally.failed += 1;
  }
  if (exitCode !== 0 && tally.failed === 0) tally.failed = 1;
  return tally;
}

/**
 * @param {string | undefined} report
 * @returns {{status?: string, assertionResults?: {status?: string}[]}[] | undefined}
 */
function parseResults(report) {
  try {
    const results = JSON.parse(report ?? '').testResults;
    return Array.isArray(results) ? results : undefined;
  } catch {
    return undefined;
  }
}
