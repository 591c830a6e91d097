import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { type SavedFilter, savedFilterSchema } from '../../src-shared/views/board.ts';

const listSchema = z.object({
  folders: z.array(z.string()).max(1_000).catch([]),
  filters: z.record(z.string(), z.array(savedFilterSchema).catch([])).catch({}),
});

/** The boards a person put into the window beside that of the project, and the filters kept for each. */
export interface BoardList {
  readonly folders: readonly string[];
  filtersOf(folder: string): readonly SavedFilter[];
  add(folder: string): Promise<void>;
  remove(folder: string): Promise<void>;
  setFilters(folder: string, filters: readonly SavedFilter[]): Promise<void>;
}

/** The id of a board in the window: the same for the same folder on this machine. */
export function boardId(folder: string): string {
  return createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 12);
}

/** Opens the list; a file that cannot be read counts as empty, for it holds nothing but a selection. */
export async function openBoardList(file: string): Promise<BoardList> {
  let list = listSchema.catch({ folders: [], filters: {} }).parse(await readJson(file));
  let turn: Promise<void> = Promise.resolve();
  const save = (next: typeof list) => {
    list = next;
    const text = `${JSON.stringify(list, null, 2)}\n`;
    turn = turn
      .catch(() => undefined)
      .then(async () => {
        await mkdir(dirname(file), { recursive: true });
        await writeFileAtomic(file, text, { mode: 0o600 });
      })
      .catch((cause: unknown) => {
        throw new LatticeError('io_failed', `The list of boards was not saved to ${file}.`, { cause });
      });
    return turn;
  };
  return {
    get folders() {
      return list.folders;
    },
    filtersOf: (folder) => list.filters[resolve(folder)] ?? [],
    add: async (folder) => {
      const path = resolve(folder);
      if (!list.folders.includes(path)) await save({ ...list, folders: [...list.folders, path] });
    },
    remove: async (folder) => {
      const path = resolve(folder);
      await save({ ...list, folders: list.folders.filter((other) => other !== path) });
    },
    setFilters: (folder, filters) =>
      save({ ...list, filters: { ...list.filters, [resolve(folder)]: [...filters] } }),
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return {};
  }
}
