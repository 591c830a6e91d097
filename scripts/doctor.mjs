import { parseArgs } from 'node:util';
import { examine } from './doctor/checks.mjs';
import { describeFindings } from './doctor/print.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const findings = await examine();
const ok = findings.every((finding) => finding.state !== 'missing');
const text = values.json
  ? JSON.stringify({ ok, data: findings }, null, 2)
  : describeFindings(findings, { colour: process.stdout.isTTY && !process.env.NO_COLOR });
process.stdout.write(`${text}\n`);
process.exitCode = ok ? 0 : 1;
