import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { LatticeError } from '../../src-shared/errors.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import {
  EMPTY_SESSIONS,
  endSession,
  readSession,
  readSessionIndex,
  type SessionFile,
  type SessionIndex,
  type SessionInput,
  startSession,
} from '../../src-shared/tracker/session.ts';
import { refusalError } from '../../src-shared/tracker/verdict.ts';
import { readBoardFile, writeBoardFile } from './board-file.ts';
import { listNames } from './board-index.ts';
import type { BoardLocks } from './board-locks.ts';
import type { BoardPaths } from './board-paths.ts';

const FILE = /^([^\s/\\.][^\s/\\]{0,63}-\d+)\.json$/;

/** The named agents that work on a board; a number is never given out twice. */
export class BoardSessions {
  readonly #paths: BoardPaths;
  readonly #locks: BoardLocks;
  readonly #now: () => Date;

  constructor(options: { paths: BoardPaths; locks: BoardLocks; now: () => Date }) {
    this.#paths = options.paths;
    this.#locks = options.locks;
    this.#now = options.now;
  }

  /** The sessions that run, by name. */
  list(): SessionFile[] {
    return listNames(this.#paths.sessions).flatMap((file) => {
      const name = FILE.exec(file)?.[1];
      return name === undefined ? [] : (this.find(name) ?? []);
    });
  }

  /** A session that runs. */
  find(name: string): SessionFile | undefined {
    if (!FILE.test(`${name}.json`)) return undefined;
    const bytes = readBoardFile(join(this.#paths.sessions, `${name}.json`));
    return bytes && readSession(bytes.toString('utf8'));
  }

  /** @throws LatticeError `not_found` (`SESSION_NOT_FOUND`). */
  get(name: string): SessionFile {
    const session = this.find(name);
    if (!session)
      throw new LatticeError('not_found', `Session '${name.slice(0, 80)}' not found.`, {
        hint: 'lattice board session list shows what runs.',
        details: { board_code: 'SESSION_NOT_FOUND' },
      });
    return session;
  }

  /** Begins a session under the next number of its name. @throws LatticeError of the refusal. */
  async start(input: Omit<SessionInput, 'sessionId'>): Promise<SessionFile> {
    return this.#locks.with(['sessions_index'], async () => {
      const started = startSession(this.#index(), { ...input, sessionId: `sess_${ulid()}` }, this.#now());
      if (!started.ok) throw refusalError(started);
      // The number is taken first, so that a crash between the two never gives it out again.
      await this.#writeIndex(started.index);
      await writeBoardFile(this.#file(started.session.name), serialiseDocument(started.session));
      return started.session;
    });
  }

  /** Ends a session; its file goes to the archive. */
  async end(name: string, reason?: string): Promise<SessionFile> {
    return this.#locks.with(['sessions_index'], async () => {
      const { session, index } = endSession(this.#index(), this.get(name), this.#now(), reason);
      const archived = join(this.#paths.sessions, 'archive', `${name}_${session.session}.json`);
      await writeBoardFile(archived, serialiseDocument(session));
      await this.#writeIndex(index);
      await rm(this.#file(name), { force: true });
      return session;
    });
  }

  /** The index, with numbers no lower than those of the files beside it, which survive a lost or damaged one. */
  #index(): SessionIndex {
    const bytes = readBoardFile(join(this.#paths.sessions, 'index.json'));
    let index: SessionIndex = EMPTY_SESSIONS;
    try {
      index = (bytes && readSessionIndex(bytes.toString('utf8'))) ?? EMPTY_SESSIONS;
    } catch (error) {
      if (LatticeError.from(error).code !== 'invalid_input') throw error;
    }
    const counters = new Map(Object.entries(index.serial_counters));
    for (const folder of ['', 'archive']) {
      for (const file of listNames(join(this.#paths.sessions, folder))) {
        const match = /^(.+)-(\d+)(?:_sess_.*)?\.json$/.exec(file);
        const [, base = '', serial = '0'] = match ?? [];
        if (match) counters.set(base, Math.max(counters.get(base) ?? 0, Number(serial)));
      }
    }
    return { ...index, serial_counters: Object.fromEntries(counters) };
  }

  async #writeIndex(index: SessionIndex): Promise<void> {
    await writeBoardFile(join(this.#paths.sessions, 'index.json'), serialiseDocument(index));
  }

  #file(name: string): string {
    return join(this.#paths.sessions, `${name}.json`);
  }
}
