import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitArgv } from './git-argv.ts';
import { type GitRepository, nulList, type RawPath } from './git-repository.ts';

/** What git remembers of a merge that is under way. */
const MERGE_FILES = ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE'];
const INDEX = 'index';

/**
 * Keeps what a person has staged, and a merge under way, as a tree of objects: the entries of the index as a list, the
 * contents that only the index holds, and git's notes about the merge.
 */
export async function keepIndex(git: GitRepository, head: string | undefined): Promise<string> {
  const entries = await git.fields(gitArgv.listIndex(git.scope));
  const blobs = [await blobLine(git, INDEX, nulList(entries))];
  const committed = head === undefined ? [] : await git.fields(gitArgv.listTree(head, git.scope));
  const known = new Set(committed.map((entry) => entry.split(/[ \t]/, 3)[2]));
  const only = new Set(entries.filter((entry) => !entry.startsWith('160000')).map(objectOf));
  for (const id of known) only.delete(id ?? '');
  if (only.size > 0) {
    const lines = [...only].map((id, index) => `100644 blob ${id}\t${index}`);
    const staged = await git.text(gitArgv.makeTree, { input: nulList(lines) });
    blobs.push(`040000 tree ${staged}\tstaged`);
  }
  for (const name of MERGE_FILES) {
    const text = await readFile(join(git.gitDir, name)).catch(() => undefined);
    if (text !== undefined) blobs.push(await blobLine(git, name, text));
  }
  return git.text(gitArgv.makeTree, { input: nulList(blobs) });
}

/** Puts back what was staged and the merge that was under way; entries that are the same already stay untouched. */
export async function restoreIndex(git: GitRepository, kept: string): Promise<void> {
  const wanted = (await git.bytes(gitArgv.show(`${kept}:${INDEX}`))).toString('latin1');
  const before = byPath(wanted.split('\0').filter((entry) => entry !== ''));
  const now = byPath(await git.fields(gitArgv.listIndex(git.scope)));
  const zero = '0'.repeat(40);
  const lines: string[] = [];
  for (const path of new Set([...now.keys(), ...before.keys()])) {
    const entries = before.get(path) ?? [];
    if (entries.join('\0') === (now.get(path) ?? []).join('\0')) continue;
    lines.push(`0 ${zero}\t${path}`, ...entries);
  }
  if (lines.length > 0) await git.bytes(gitArgv.setIndex, { input: nulList(lines) });
  for (const name of MERGE_FILES) {
    const blob = await git.try(gitArgv.show(`${kept}:${name}`));
    const file = join(git.gitDir, name);
    if (blob.code === 0) await writeFile(file, blob.stdout);
    else await rm(file, { force: true });
  }
}

async function blobLine(git: GitRepository, name: string, content: Buffer): Promise<string> {
  const id = await git.text(gitArgv.keepBytes, { input: content });
  return `100644 blob ${id}\t${name}`;
}

function objectOf(entry: string): string {
  return entry.split(' ', 2)[1] ?? '';
}

function byPath(entries: readonly string[]): Map<RawPath, string[]> {
  const found = new Map<RawPath, string[]>();
  for (const entry of entries) {
    const path = entry.slice(entry.indexOf('\t') + 1);
    found.set(path, [...(found.get(path) ?? []), entry]);
  }
  return found;
}
