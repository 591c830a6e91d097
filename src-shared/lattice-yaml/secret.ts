import type { YamlPath } from './diagnostic.ts';

const SECRET_NAME = /(?:^|[_-])(?:key|token|secret|password|passphrase|webhook|authorization)$/i;
const SECRET_LINE = /(?:key|token|secret|password|passphrase|webhook|authorization)["']?\s*:\s*\S/i;

/** Whether what stands at a path may be a secret, so that it must not be repeated in a message. */
export function isSecretPath(path: YamlPath): boolean {
  return path.some((step) => step === 'env' || step === 'headers' || SECRET_NAME.test(String(step)));
}

/** Whether a line of YAML gives a value to a key that names a secret. */
export function isSecretLine(line: string): boolean {
  return SECRET_LINE.test(line);
}
