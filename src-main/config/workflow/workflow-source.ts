import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LatticeError } from '../../../src-shared/errors.ts';

/** Where a workflow comes from. */
export type WorkflowSource =
  | { kind: 'git'; url: string; ref: string | undefined; local: boolean }
  | { kind: 'folder'; path: string }
  | { kind: 'archive'; path: string };

const OWNER = '[A-Za-z0-9][A-Za-z0-9_.-]*';
const HOSTED = new RegExp(
  `^(?:(github|gitlab):)?(${OWNER}(?:/${OWNER})+?)(?:@([A-Za-z0-9][A-Za-z0-9._/-]*))?$`,
);
const GIT_URL = /^(https:\/\/|ssh:\/\/|git:\/\/|file:\/\/)[^\s]+$/;
const SCP = /^[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\s-][^\s]*$/;
const ARCHIVE = /\.(tar|tar\.gz|tgz)$/;

/**
 * Reads `owner/name`, `github:…`, `gitlab:…`, a git URL, a folder, a bare repository or an archive; `@ref` picks a branch or
 * a tag. @throws LatticeError `invalid_input`, `not_found` for a path that is not there.
 */
export function parseWorkflowSource(text: string, cwd: string): WorkflowSource {
  if (/^(\.{1,2}([\\/]|$)|~([\\/]|$)|[\\/]|[A-Za-z]:[\\/])/.test(text)) return localSource(text, cwd);
  if (GIT_URL.test(text) || SCP.test(text)) {
    const [, url = text, ref] = /^(.*\.git)@([A-Za-z0-9][A-Za-z0-9._/-]*)$/.exec(text) ?? [];
    return { kind: 'git', url, ref, local: url.startsWith('file://') };
  }
  const [, host = 'github', path, ref] = HOSTED.exec(text) ?? [];
  if (path !== undefined && !path.includes('..'))
    return { kind: 'git', url: `https://${host}.com/${path.replace(/\.git$/, '')}.git`, ref, local: false };
  throw new LatticeError('invalid_input', `"${text.slice(0, 200)}" names no workflow.`, {
    hint: 'Use owner/name, gitlab:group/name, a git URL, a folder such as ./workflow, or a .tar.gz file.',
  });
}

function localSource(text: string, cwd: string): WorkflowSource {
  const path = text.startsWith('~') ? join(homedir(), text.slice(1)) : resolve(cwd, text);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new LatticeError('not_found', `There is nothing at ${path}.`);
  if (stats.isFile() && ARCHIVE.test(path)) return { kind: 'archive', path };
  if (!stats.isDirectory())
    throw new LatticeError('invalid_input', `${path} is neither a folder nor a .tar.gz file.`);
  const isBare = existsSync(join(path, 'HEAD')) && existsSync(join(path, 'objects'));
  return isBare
    ? { kind: 'git', url: pathToFileURL(path).href, ref: undefined, local: true }
    : { kind: 'folder', path };
}
