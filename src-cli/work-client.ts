import { hostname, userInfo } from 'node:os';
import type { NodeFile } from '../src-main/config/station-home.ts';
import { EventLog } from '../src-main/events/event-log.ts';
import { meshFactsOf } from '../src-main/mesh-facts.ts';
import { openWork, type WorkAccess } from '../src-main/work/work-service.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { WorkView } from '../src-shared/views/work.ts';
import { withLattice } from './client.ts';
import type { GlobalOptions } from './globals.ts';

/** Durable work and its log, as a command uses them; `by` is who acts. */
export interface WorkClient {
  work: WorkAccess;
  events: EventLog;
  by: string;
  /** The station of this user that runs on this machine, when the lattice was found through it. */
  local: NodeFile | undefined;
}

/** Length of a whole work id; anything shorter is taken for the beginning of one. */
const ID_LENGTH = 26;

/** Connects, hands durable work to `use`, and always closes again. */
export function withWork<T>(globals: GlobalOptions, use: (client: WorkClient) => Promise<T>): Promise<T> {
  return withLattice(globals, async ({ connection, mesh, org, local, signing }) => {
    const { nc } = connection;
    const work = await openWork({ nc, org, mesh: meshFactsOf(mesh.registry.index), signing });
    return use({
      work,
      events: new EventLog({ nc, names: namesOf(org) }),
      by: `${userInfo().username}@${hostname()}`,
      local,
    });
  });
}

/** All works of the lattice as they stand. */
export async function listWorks(work: WorkAccess): Promise<WorkView[]> {
  const board = await work.openBoard(true);
  try {
    return board.live.snapshot();
  } finally {
    await board[Symbol.asyncDispose]();
  }
}

/** The id that a whole id or a unique beginning names. @throws LatticeError `not_found`, `conflict`. */
export async function workId(work: WorkAccess, given: string): Promise<string> {
  if (given.length >= ID_LENGTH) return given;
  const found = (await listWorks(work)).filter(
    (each) => each.id.startsWith(given.toUpperCase()) || each.id.startsWith(given),
  );
  const [first, second] = found;
  if (!first)
    throw new LatticeError('not_found', `No work begins with ${given}.`, {
      hint: 'lattice work list shows all.',
    });
  if (second)
    throw new LatticeError('conflict', `${found.length} works begin with ${given}.`, {
      hint: 'Give more of the id.',
    });
  return first.id;
}
