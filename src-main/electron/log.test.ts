import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { Redactor } from '../secrets/redactor.ts';
import { openLog } from './log.ts';

it('writes whole lines at once, and no secret in message, fields, errors or their causes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lattice-log-'));
  const secret = 'two "words" of a secret';
  const redactor = new Redactor();
  redactor.add(secret);
  const { log, file } = openLog(folder, {}, redactor);
  try {
    const cause = new Error(`refused nats://anna:hunter2@hub:4222 with ${secret}`);
    log.info({ secret, link: 'lattice://join#v=1&c=abcdefghijklmnopqrstuvwxyz0' }, `It is ${secret}`);
    log.error({ err: new LatticeError('internal', `It failed with ${secret}`, { cause }) }, 'A call failed');
    const lines = readFileSync(file.path, 'utf8').split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, msg: 'It is [redacted]' });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      err: { message: expect.stringContaining('[redacted]') },
    });
    for (const gone of ['words', 'hunter2', 'abcdefghij']) expect(lines.join('\n')).not.toContain(gone);
  } finally {
    file[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  }
});
