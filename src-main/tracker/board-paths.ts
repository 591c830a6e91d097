import { lstatSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { isId } from '../../src-shared/tracker/ids.ts';
import { BOARD_FOLDER } from './board-root.ts';

/** A text file that lies beside a task. */
export type TextKind = 'plan' | 'notes';

const TEXT_FOLDERS: Readonly<Record<TextKind, string>> = { plan: 'plans', notes: 'notes' };

/** The folders that writers put files into. */
const FOLDERS = [
  'tasks',
  'events',
  'plans',
  'notes',
  'artifacts/meta',
  'artifacts/payload',
  'resources',
  'sessions/archive',
  'archive/tasks',
  'archive/events',
  'archive/plans',
  'archive/notes',
  'locks',
];

/** Where each file of a board lies; ids are checked, so that no name leads out of the board. */
export class BoardPaths {
  /** The folder that holds `.lattice`. */
  readonly root: string;
  readonly folder: string;

  constructor(root: string) {
    this.root = root;
    this.folder = join(root, BOARD_FOLDER);
  }

  get config(): string {
    return join(this.folder, 'config.json');
  }

  get ids(): string {
    return join(this.folder, 'ids.json');
  }

  get lifecycle(): string {
    return join(this.folder, 'events', '_lifecycle.jsonl');
  }

  get locks(): string {
    return join(this.folder, 'locks');
  }

  /** Ours alone, in a folder that other programs leave alone. */
  get quarantine(): string {
    return join(this.folder, 'quarantine');
  }

  get sessions(): string {
    return join(this.folder, 'sessions');
  }

  get resources(): string {
    return join(this.folder, 'resources');
  }

  events(archived = false): string {
    return join(this.folder, ...place(archived), 'events');
  }

  tasks(archived = false): string {
    return join(this.folder, ...place(archived), 'tasks');
  }

  log(id: string, archived = false): string {
    return join(this.events(archived), `${checked(id)}.jsonl`);
  }

  snapshot(id: string, archived = false): string {
    return join(this.tasks(archived), `${checked(id)}.json`);
  }

  text(kind: TextKind, id: string, archived = false): string {
    return join(this.folder, ...place(archived), TEXT_FOLDERS[kind], `${checked(id)}.md`);
  }

  artifactMeta(id: string): string {
    return join(this.folder, 'artifacts', 'meta', `${checked(id, 'art')}.json`);
  }

  get artifactMetas(): string {
    return join(this.folder, 'artifacts', 'meta');
  }

  artifactPayload(file: string): string {
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(file))
      throw new LatticeError('unsafe', `${file} is not the name of an artifact's file.`);
    return join(this.folder, 'artifacts', 'payload', file);
  }

  resourceLog(id: string): string {
    return join(this.events(), `${checked(id, 'res')}.jsonl`);
  }

  resourceSnapshot(name: string): string {
    return join(this.resources, plainName(name), 'resource.json');
  }

  /**
   * Checks that no folder of the board is a link that leads out of it.
   * @throws LatticeError `unsafe` that names the folder.
   */
  assertInside(): void {
    const board = realpathSync(this.folder);
    for (const folder of FOLDERS) {
      let path = this.folder;
      for (const part of folder.split('/')) {
        path = join(path, part);
        if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
        const target = relative(board, realpathSync(path));
        if (!target.startsWith('..')) continue;
        throw new LatticeError('unsafe', `${path} is a link that leads out of the board.`, {
          hint: 'Replace it with a folder.',
          details: { path },
        });
      }
    }
  }
}

function place(archived: boolean): string[] {
  return archived ? ['archive'] : [];
}

function checked(id: string, kind: 'task' | 'art' | 'res' = 'task'): string {
  const valid: boolean = isId(id, kind);
  if (valid) return id;
  throw new LatticeError('invalid_input', `${id.slice(0, 80)} is not the id of a ${KIND_NAMES[kind]}.`);
}

const KIND_NAMES = { task: 'task', art: 'file', res: 'resource' } as const;

function plainName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return name;
  throw new LatticeError('invalid_input', `${name.slice(0, 80)} is not a name for a resource.`, {
    hint: 'Use letters, digits, dots, dashes and underscores.',
  });
}
