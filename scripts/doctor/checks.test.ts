import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../testing/temp-folder.ts';
import { checkNode, examine } from './checks.mjs';
import { describeFindings } from './print.mjs';

describe('checkNode', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0'])('accepts %s', (version) => {
    expect(checkNode(version).state).toBe('ok');
  });

  it.each(['18.20.0', '20.18.1', 'rubbish'])('refuses %s', (version) => {
    expect(checkNode(version)).toMatchObject({ state: 'missing', fix: 'Install Node 20.19 or newer.' });
  });
});

describe('examine', () => {
  it('says of a bare machine what is missing and how to get it', async () => {
    const folder = await tempFolder();
    const env = { PATH: folder, LATTICE_RUNTIME_DIR: folder };
    const findings = await examine({ env });
    const states = Object.fromEntries(findings.map((finding) => [finding.name, finding.state]));
    expect(states).toMatchObject({
      node: 'ok',
      npm: 'missing',
      git: 'missing',
      'nats-server': 'missing',
      electron: 'missing',
    });
    const text = describeFindings(findings, { colour: false });
    expect(text).toMatch(/✗ nats-server +missing\n +Run: npm run provision -- nats\n/);
    expect(text).toMatch(/Missing: npm, git, nats-server, electron/);
  });

  it('says what works, from where, and what an older server means', async () => {
    const folder = await tempFolder();
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const write = (name: string, says: string) =>
      writeFile(join(bin, name), `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
    await write('npm', '11.0.0');
    await write('git', 'git version 2.40.1');
    await write('nats-server', 'nats-server: v2.9.10');
    const findings = await examine({ env: { PATH: bin, LATTICE_RUNTIME_DIR: folder, DISPLAY: ':7' } });
    const find = (name: string) => findings.find((finding) => finding.name === name);
    expect(find('npm')).toMatchObject({ state: 'ok', version: '11.0.0', from: join(bin, 'npm') });
    expect(find('git')).toMatchObject({ state: 'ok', version: '2.40.1' });
    expect(find('nats-server')).toMatchObject({ state: 'note', version: '2.9.10' });
    expect(find('nats-server')?.from).toContain('the PATH');
  });
});

describe('describeFindings', () => {
  it('says when nothing is missing', () => {
    const text = describeFindings([{ name: 'node', state: 'ok', version: '20.19.0' }], { colour: false });
    expect(text).toBe('✓ node  20.19.0\n\nEverything needed is there.');
  });
});
