import type { Keychain, Sealer } from '../secrets/sealer.ts';

/** What we use of Electron's `safeStorage`: the asynchronous calls where the runtime has them, or else the older ones. */
export interface SafeStorage {
  isAsyncEncryptionAvailable?(): Promise<boolean>;
  encryptStringAsync?(text: string): Promise<Buffer>;
  decryptStringAsync?(sealed: Buffer): Promise<{ result: string }>;
  isEncryptionAvailable?(): boolean;
  encryptString?(text: string): Buffer;
  decryptString?(sealed: Buffer): string;
  getSelectedStorageBackend?(): string;
}

const WEAK =
  'This system offers no keychain, so secrets are in files that only your user can read. Install and unlock GNOME Keyring or KWallet, then start Lattice again.';
const LOCKED =
  'The keychain of this system did not open, so secrets are in files that only your user can read. Unlock it, then start Lattice again.';

/** The keychain of the system, once Electron is ready; weak storage, whose key everybody knows, counts as none. */
export async function openKeychain(storage: SafeStorage, platform: NodeJS.Platform): Promise<Keychain> {
  const name = nameOf(platform, platform === 'linux' ? storage.getSelectedStorageBackend?.() : undefined);
  if (name === undefined) return { missing: WEAK };
  try {
    const sealer = (await newSealer(storage, name)) ?? oldSealer(storage, name);
    return sealer ? { sealer } : { missing: LOCKED };
  } catch {
    return { missing: LOCKED };
  }
}

async function newSealer(storage: SafeStorage, name: string): Promise<Sealer | undefined> {
  const { encryptStringAsync: seal, decryptStringAsync: open } = storage;
  if (!seal || !open || !(await storage.isAsyncEncryptionAvailable?.())) return undefined;
  return {
    name,
    seal: (text) => seal.call(storage, text),
    open: async (sealed) => (await open.call(storage, sealed)).result,
  };
}

function oldSealer(storage: SafeStorage, name: string): Sealer | undefined {
  const { encryptString: seal, decryptString: open } = storage;
  if (storage.isAsyncEncryptionAvailable || !seal || !open || !storage.isEncryptionAvailable?.())
    return undefined;
  return {
    name,
    seal: async (text) => seal.call(storage, text),
    open: async (sealed) => open.call(storage, sealed),
  };
}

/** What people call it; undefined for storage that hides nothing. */
function nameOf(platform: NodeJS.Platform, backend: string | undefined): string | undefined {
  if (platform === 'darwin') return 'The keychain of macOS';
  if (platform === 'win32') return 'The data protection of Windows';
  if (backend === 'gnome_libsecret') return 'The keyring of this desktop';
  return backend?.startsWith('kwallet') ? 'KWallet' : undefined;
}
