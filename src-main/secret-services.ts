import type { Logger } from 'pino';
import type { SecretsKept, SecretsView } from '../src-shared/views/secrets.ts';
import type { Keychain } from './secrets/sealer.ts';
import { SecretFiles } from './secrets/secret-files.ts';

export interface SecretServices {
  files: SecretFiles;
  view(): SecretsView;
}

/** How the app keeps its secrets, and what the window says about it. */
export async function openSecrets(options: {
  keychain: Promise<Keychain>;
  keep: SecretsKept;
  log: Logger;
}): Promise<SecretServices> {
  const { sealer, missing } = await options.keychain;
  const files = new SecretFiles({
    sealer,
    keep: options.keep,
    onMove: (words, problem) =>
      problem === undefined ? options.log.info(words) : options.log.warn({ err: problem }, words),
  });
  return {
    files,
    view: () => ({
      kept: files.kept,
      ...(sealer === undefined ? {} : { keychain: sealer.name }),
      ...(missing === undefined ? {} : { missing }),
    }),
  };
}
