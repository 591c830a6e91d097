import { styleText } from 'node:util';

/** @typedef {import('./checks.mjs').Finding} Finding */

const marks = { ok: '✓', note: '•', missing: '✗' };
/** @type {Readonly<Record<Finding['state'], 'green' | 'yellow' | 'red'>>} */
const colours = { ok: 'green', note: 'yellow', missing: 'red' };

/**
 * The findings for a person to read, one a line with what to do below it.
 * @param {readonly Finding[]} findings
 * @param {{colour: boolean}} options
 */
export function describeFindings(findings, { colour }) {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  const lines = findings.flatMap((finding) => {
    const mark = colour ? styleText(colours[finding.state], marks[finding.state]) : marks[finding.state];
    const facts = [finding.version, finding.from, finding.detail].filter(Boolean).join('  ');
    const first = `${mark} ${finding.name.padEnd(width)}  ${facts || finding.state}`;
    return finding.fix ? [first, `  ${' '.repeat(width)}  ${finding.fix}`] : [first];
  });
  return [...lines, '', summary(findings)].join('\n');
}

/** @param {readonly Finding[]} findings */
function summary(findings) {
  const missing = findings.filter((finding) => finding.state === 'missing').map((finding) => finding.name);
  if (missing.length === 0) return 'Everything needed is there.';
  return `Missing: ${missing.join(', ')}.`;
}
