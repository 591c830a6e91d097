import { copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { gitArgv } from './git-argv.ts';
import { type GitRepository, nulList, type RawPath, statOf } from './git-repository.ts';

/** No line end, filter or encoding is changed on the way in or out. */
const AS_THEY_ARE = '* -text -eol -filter -ident -working-tree-encoding\n';

/** The entries of a file tree that differ, and how. */
export interface TreeChange {
  readonly path: RawPath;
  readonly kind: 'added' | 'changed' | 'deleted';
}

/**
 * Takes the files of a project as they are into the object store and puts them back, through a git folder of its own
 * below `.git/lattice`: its index remembers what it has seen, and neither the person's index nor their filters are touched.
 */
export class GitSnapshots {
  readonly #git: GitRepository;
  readonly #dir: string;

  constructor(git: GitRepository) {
    this.#git = git;
    this.#dir = join(git.gitDir, 'lattice');
  }

  /** The tree of all files that are not ignored, and of those in `also` that exist. Nothing in the project changes. */
  take(also: readonly RawPath[] = []): Promise<string> {
    return this.#withIndex(async (env) => {
      const git = this.#git;
      const [listed, tracked] = await Promise.all([
        git.fields(gitArgv.listFiles(git.scope), { env }),
        git.fields(gitArgv.listIndex(git.scope)),
      ]);
      const known = new Set(listed);
      const more = [...also, ...tracked.flatMap(trackedFile)].filter((path) => !known.has(path));
      const { files, gone } = this.#sorted(listed, more);
      if (gone.length > 0) {
        const zero = '0'.repeat(40);
        const input = nulList(gone.map((path) => `0 ${zero}\t${path}`));
        await git.bytes(gitArgv.setIndex, { env, input });
      }
      await git.bytes(gitArgv.takeFiles, { env, input: nulList(files) });
      return git.text(gitArgv.writeTree, { env });
    });
  }

  /** What differs from one tree to another. */
  async compare(from: string, to: string): Promise<TreeChange[]> {
    const fields = await this.#git.fields(gitArgv.compare(from, to));
    const changes: TreeChange[] = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
      const status = fields[index]?.at(-1);
      const kind = status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'changed';
      changes.push({ path: fields[index + 1] ?? '', kind });
    }
    return changes;
  }

  /** Writes these files of a tree into the project, over what is there. */
  async write(tree: string, paths: readonly RawPath[]): Promise<void> {
    if (paths.length === 0) return;
    const env = { ...(await this.#environment()), GIT_INDEX_FILE: join(this.#dir, `index.${ulid()}`) };
    try {
      await this.#git.bytes(gitArgv.loadTree(tree), { env });
      await this.#git.bytes(gitArgv.writeFiles, { env, input: nulList(paths) });
    } finally {
      await rm(env.GIT_INDEX_FILE, { force: true });
    }
  }

  /** What is a file now, and what only was one: a path below a link or a file, or one that is a folder today. */
  #sorted(listed: readonly RawPath[], more: readonly RawPath[]): { files: RawPath[]; gone: RawPath[] } {
    const folders = new Map<RawPath, boolean>([['', true]]);
    const isFolder = (path: RawPath): boolean => {
      const known = folders.get(path);
      if (known !== undefined) return known;
      const is = isFolder(parentOf(path)) && this.#kindOf(path) === 'folder';
      folders.set(path, is);
      return is;
    };
    const reachable = (path: RawPath) => isFolder(parentOf(path));
    // The end of a folder's name marks a repository in the repository, which is left alone.
    const own = listed.filter((path) => !path.endsWith('/'));
    const found = own.filter(reachable);
    const files = found.filter((path) => folders.get(path) !== true);
    const others = more.filter((path) => reachable(path) && this.#kindOf(path) === 'file');
    const kept = new Set([...files, ...others]);
    return { files: [...kept], gone: own.filter((path) => !kept.has(path)) };
  }

  #kindOf(path: RawPath): 'file' | 'folder' | undefined {
    const stats = statOf(this.#git, path);
    if (stats === undefined) return undefined;
    return stats.isDirectory() ? 'folder' : 'file';
  }

  /** An index of one's own for the time of a call; two calls at once do not wait for each other. */
  async #withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
    const kept = join(this.#dir, 'index');
    const env = { ...(await this.#environment()), GIT_INDEX_FILE: join(this.#dir, `index.${ulid()}`) };
    try {
      await copyIndex(kept, env.GIT_INDEX_FILE);
      const result = await use(env);
      await rename(env.GIT_INDEX_FILE, kept);
      return result;
    } finally {
      await rm(env.GIT_INDEX_FILE, { force: true });
    }
  }

  async #environment(): Promise<Record<string, string>> {
    const { gitDir, commonDir, top, objectFormat } = this.#git;
    if (!(await isThere(join(this.#dir, 'HEAD')))) {
      await mkdir(this.#dir, { recursive: true });
      await this.#git.bytes(gitArgv.initSnapshots(objectFormat, this.#dir));
    }
    await mkdir(join(this.#dir, 'info'), { recursive: true });
    await writeFile(join(this.#dir, 'info', 'attributes'), AS_THEY_ARE);
    await copyFile(join(commonDir, 'info', 'exclude'), join(this.#dir, 'info', 'exclude')).catch(
      ignoreMissing,
    );
    const excludes = await this.#git.try(gitArgv.excludesFile);
    const file = excludes.code === 0 ? excludes.stdout.toString('utf8').trim() : undefined;
    return {
      GIT_DIR: join(gitDir, 'lattice'),
      GIT_WORK_TREE: top,
      GIT_OBJECT_DIRECTORY: join(commonDir, 'objects'),
      ...(file === undefined
        ? {}
        : { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.excludesFile', GIT_CONFIG_VALUE_0: file }),
    };
  }
}

/** With the time of the original: git tells by it which files may have changed since without another time of their own. */
async function copyIndex(from: string, to: string): Promise<void> {
  const stats = await stat(from).catch(ignoreMissing);
  if (stats === undefined) return;
  await copyFile(from, to);
  const seconds = Math.floor(stats.mtimeMs / 1_000);
  await utimes(to, seconds, seconds);
}

function trackedFile(entry: string): RawPath[] {
  return entry.startsWith('160000 ') ? [] : [entry.slice(entry.indexOf('\t') + 1)];
}

function parentOf(path: RawPath): RawPath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function isThere(file: string): Promise<boolean> {
  return (await readFile(file).catch(() => undefined)) !== undefined;
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  return undefined;
}
