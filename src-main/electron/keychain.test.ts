import { describe, expect, it } from 'vitest';
import { openKeychain, type SafeStorage } from './keychain.ts';

const old: SafeStorage = {
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(`old ${text}`),
  decryptString: (sealed) => sealed.toString().slice(4),
};
const modern: SafeStorage = {
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text) => Buffer.from(`new ${text}`),
  decryptStringAsync: async (sealed) => ({ result: sealed.toString().slice(4) }),
  encryptString: () => {
    throw new Error('removed');
  },
};
const on = (backend: string, storage: SafeStorage): SafeStorage => ({
  ...storage,
  getSelectedStorageBackend: () => backend,
});

describe('the keychain', () => {
  it.each([
    ['with the calls of today', on('kwallet6', modern), 'new it'],
    ['with the calls of before', on('gnome_libsecret', old), 'old it'],
  ])('seals and opens %s', async (_how, storage, sealed) => {
    const { sealer } = await openKeychain(storage, 'linux');
    const bytes = await sealer?.seal('it');
    expect(bytes?.toString()).toBe(sealed);
    expect(await sealer?.open(bytes ?? Buffer.alloc(0))).toBe('it');
  });

  it.each(['basic_text', 'unknown'])('is missing on weak storage (%s), and that is said', async (backend) => {
    for (const storage of [old, modern]) {
      const found = await openKeychain(on(backend, storage), 'linux');
      expect(found.sealer).toBeUndefined();
      expect(found.missing).toContain('no keychain');
    }
  });

  it.each<[string, SafeStorage]>([
    ['is locked', { ...old, isEncryptionAvailable: () => false }],
    ['is locked, asked in the way of today', { ...modern, isAsyncEncryptionAvailable: async () => false }],
    ['fails', { ...modern, isAsyncEncryptionAvailable: () => Promise.reject(new Error('no bus')) }],
    ['is not in this runtime', {}],
  ])('is missing when it %s', async (_why, storage) => {
    expect((await openKeychain(storage, 'darwin')).missing).toContain('did not open');
  });

  it.each([
    ['darwin', 'The keychain of macOS'],
    ['win32', 'The data protection of Windows'],
  ] as const)('is called by its name on %s', async (platform, name) => {
    expect((await openKeychain(old, platform)).sealer?.name).toBe(name);
  });
});
