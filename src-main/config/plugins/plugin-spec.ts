import { LatticeError } from '../../../src-shared/errors.ts';

/** A plugin as `plugins:` of lattice.yaml names it. */
export type PluginSpec =
  | { kind: 'npm'; name: string; version: string | undefined; text: string }
  | { kind: 'github'; name: string; repo: string; ref: string | undefined; text: string }
  | { kind: 'file'; name: string; path: string; text: string };

const NPM = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([0-9A-Za-z][0-9A-Za-z.+-]*))?$/;
const GITHUB =
  /^github:([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})(?:@([A-Za-z0-9][A-Za-z0-9._/-]*))?$/;

/**
 * Reads `name@version`, `github:owner/name@tag` or `file:path`.
 * @throws LatticeError `invalid_input` for anything else, so that nothing else reaches a package manager.
 */
export function parsePluginSpec(text: string): PluginSpec {
  const github = GITHUB.exec(text);
  if (
    github?.[1] !== undefined &&
    github[2] !== undefined &&
    !github[2].startsWith('.') &&
    !text.includes('..')
  )
    return { kind: 'github', name: github[2], repo: `${github[1]}/${github[2]}`, ref: github[3], text };
  if (text.startsWith('file:')) {
    const path = text.slice('file:'.length);
    const name =
      path
        .split(/[\\/]/)
        .filter((part) => part !== '')
        .at(-1) ?? '';
    if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && !path.includes('\0'))
      return { kind: 'file', name, path, text };
  }
  const npm = NPM.exec(text);
  if (npm?.[1] !== undefined && text.length <= 300)
    return { kind: 'npm', name: npm[1], version: npm[2], text };
  throw new LatticeError('invalid_input', `"${text.slice(0, 100)}" names no plugin.`, {
    hint: 'Write name@1.2.3, github:owner/name@v1.2.3 or file:../folder.',
  });
}
