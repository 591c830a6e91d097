import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeviceKey, deviceKey, keyAuth } from '../access/device-key.ts';
import { hubCertificates } from '../access/hub-certificates.ts';
import { testSealer } from '../testing/test-sealer.ts';
import type { Sealer } from './sealer.ts';
import { SecretFiles, sealedName } from './secret-files.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-secrets-'));
  file = join(folder, 'device.nk');
});
afterEach(() => rm(folder, { recursive: true }));

const names = async () => (await readdir(folder)).sort();
const app = (sealer: Sealer = testSealer()) => new SecretFiles({ sealer });

describe('a secret of the app', () => {
  it('is only in a sealed file for its owner, and opens again', async () => {
    const made = await app().make(file, () => 'the seed');
    expect(made).toEqual({ value: 'the seed', sealed: true });
    expect(await names()).toEqual(['device.nk.sealed']);
    expect(await readFile(sealedName(file), 'utf8')).not.toContain('the seed');
    expect((await stat(sealedName(file))).mode & 0o777).toBe(0o600);
    expect(await app().make(file, () => 'another')).toEqual(made);
  });

  it('moves in from a plain file, back into one, and tells both', async () => {
    await writeFile(file, 'the seed\n');
    const told: string[] = [];
    const secrets = new SecretFiles({ sealer: testSealer(), onMove: (words) => told.push(words) });
    expect(await secrets.read(file)).toEqual({ value: 'the seed', sealed: true });
    expect(await names()).toEqual(['device.nk.sealed']);
    await secrets.keepIn('files');
    expect(await names()).toEqual(['device.nk']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await secrets.read(file)).toEqual({ value: 'the seed', sealed: false });
    await secrets.keepIn('keychain');
    expect(await names()).toEqual(['device.nk.sealed']);
    expect(told).toEqual([
      'The test keychain keeps device.nk from now on.',
      'A file for you alone keeps device.nk from now on.',
      'The test keychain keeps device.nk from now on.',
    ]);
  });

  it('is one for two processes that start at once', async () => {
    const [one, two] = await Promise.all(
      [app(), app()].map((secrets) => secrets.make(file, () => randomBytes(8).toString('hex'))),
    );
    expect(one).toEqual(two);
    expect(await names()).toEqual(['device.nk.sealed']);
  });

  it('gives way to another one', async () => {
    await writeFile(file, 'old');
    await app().replace(file, 'new');
    expect(await names()).toEqual(['device.nk.sealed']);
    expect(await app().read(file)).toMatchObject({ value: 'new' });
    await new SecretFiles().replace(file, 'newer');
    expect(await names()).toEqual(['device.nk']);
  });
});

describe('a secret whose move is cut off', () => {
  /** Does what `seal` did until it was killed, then starts again. */
  it.each([
    ['before anything', async () => undefined],
    ['in the middle of a write', async () => writeFile(`${sealedName(file)}.1234567`, 'half')],
    [
      'before the old one is gone',
      async () => writeFile(sealedName(file), await testSealer().seal('the seed')),
    ],
  ])('is there afterwards: %s', async (_when, until) => {
    await writeFile(file, 'the seed');
    await until();
    expect(await new SecretFiles().read(file)).toEqual({ value: 'the seed', sealed: false });
    expect(await app().read(file)).toEqual({ value: 'the seed', sealed: true });
    expect(await app().read(file)).toEqual({ value: 'the seed', sealed: true });
    expect(await names()).not.toContain('device.nk');
  });

  it.each([
    ['before the sealed one is gone', async () => writeFile(file, 'the seed')],
    ['in the middle of a write', async () => writeFile(`${file}.1234567`, 'half')],
  ])('is there afterwards on the way back: %s', async (_when, until) => {
    await app().make(file, () => 'the seed');
    await until();
    const back = new SecretFiles({ sealer: testSealer(), keep: 'files' });
    expect(await back.read(file)).toEqual({ value: 'the seed', sealed: false });
    expect(await names()).not.toContain('device.nk.sealed');
  });

  it('stays in its file when the keychain does not give it back', async () => {
    await writeFile(file, 'the seed');
    const problems: unknown[] = [];
    const deaf = { ...testSealer(), open: async () => Promise.reject(new Error('locked')) };
    const secrets = new SecretFiles({ sealer: deaf, onMove: (_words, problem) => problems.push(problem) });
    expect(await secrets.read(file)).toEqual({ value: 'the seed', sealed: false });
    expect(await names()).toEqual(['device.nk']);
    expect(problems).toHaveLength(1);
  });

  it('stays in its file when the folder cannot be written', async () => {
    if (process.getuid?.() === 0) return;
    await writeFile(file, 'the seed');
    await chmod(folder, 0o500);
    expect(await app().read(file)).toEqual({ value: 'the seed', sealed: false });
    await chmod(folder, 0o700);
  });
});

describe('a sealed secret', () => {
  it('is refused to the command line in words that help', async () => {
    await app().make(file, () => 'the seed');
    await expect(new SecretFiles().read(file)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('only the app can open'),
      hint: expect.stringContaining('keep secrets in files'),
    });
    expect(await names()).toEqual(['device.nk.sealed']);
  });

  it.each([
    ['nothing', ''],
    ['rubbish', 'rubbish'],
    ['what another keychain sealed', testSealer('other').seal('the seed')],
  ])('is not replaced when it holds %s', async (_what, bytes) => {
    await writeFile(sealedName(file), await bytes);
    await expect(app().make(file, () => 'new')).rejects.toMatchObject({ code: 'auth_failed' });
    expect(await names()).toEqual(['device.nk.sealed']);
    await writeFile(file, 'the seed');
    expect(await app().read(file)).toMatchObject({ value: 'the seed' });
  });

  it('beside another plain one is for a person to decide', async () => {
    await app().make(file, () => 'one');
    await writeFile(file, 'two');
    await expect(app().read(file)).rejects.toMatchObject({ code: 'conflict' });
    expect(await names()).toEqual(['device.nk', 'device.nk.sealed']);
  });
});

describe('keys', () => {
  it('prove themselves from memory when sealed and by their file when not', async () => {
    const plain = await deviceKey(file);
    expect(keyAuth(plain)).toEqual({ nkeyFile: file });
    const sealed = await deviceKey(file, app());
    expect(sealed).toMatchObject({ publicKey: plain.publicKey, sealed: true } satisfies Partial<DeviceKey>);
    expect(keyAuth(sealed)).toEqual({ nkeySeed: plain.seed });
  });

  it('of the CA are sealed, and not needed by who has nothing to sign', async () => {
    const { pin } = await hubCertificates(folder, ['atlas.local'], app());
    expect(await readdir(join(folder, 'hub-tls'))).toContain('ca.key.sealed');
    expect(await readdir(join(folder, 'hub-tls'))).not.toContain('ca.key');
    expect((await hubCertificates(folder, ['atlas.local'])).pin).toBe(pin);
    await expect(hubCertificates(folder, ['moved.local'])).rejects.toMatchObject({ code: 'unsupported' });
    expect((await hubCertificates(folder, ['moved.local'], app())).pin).toBe(pin);
  });
});
