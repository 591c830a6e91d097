import { LatticeError } from '../../src-shared/errors.ts';
import { loadKoffi } from './koffi.ts';
import { descendantsOf } from './process-family.ts';

const RLIMIT_CORE = 4;
/**
 * In bytes. Linux writes no file of less than a page, and a limit of exactly 1 also keeps it from handing the memory to a
 * program that collects crashes; a limit of 0 does not.
 */
const NO_DUMP = 1;

type Limits = [soft: number | bigint, hard: number | bigint];
/** Sets (unless null) and gives (unless null) the limits of a process, 0 for this one; not 0 when it cannot. */
type Prlimit = (pid: number, resource: number, now: Limits | null, before: Limits | null) => number;

/**
 * Keeps Linux from writing the memory of this process, of those below it and of all they will start to a disk when one of
 * them crashes. Each program may still raise its own limit again. Elsewhere this does nothing.
 * @throws LatticeError `unsupported` when the limit cannot be set.
 */
export function refuseCoreDumps(): void {
  if (process.platform !== 'linux') return;
  const prlimit: Prlimit = loadKoffi()
    .load(null)
    .func('int prlimit(int pid, int resource, const unsigned long *now, _Out_ unsigned long *before)');
  if (!limit(prlimit, 0))
    throw new LatticeError(
      'unsupported',
      'This system does not let Lattice turn core dumps off. One could hold secrets.',
      { hint: 'Start Lattice after ulimit -c 0.' },
    );
  const done = new Set<number>();
  // A process that was about to start another one is looked at before that one is there, so nothing new ends it.
  for (;;) {
    const left = descendantsOf(process.pid).filter((pid) => !done.has(pid));
    if (left.length === 0) return;
    for (const pid of left) {
      // One that has ended in between needs no limit.
      limit(prlimit, pid);
      done.add(pid);
    }
  }
}

function limit(prlimit: Prlimit, pid: number): boolean {
  const before: Limits = [0, 0];
  if (prlimit(pid, RLIMIT_CORE, null, before) !== 0) return false;
  const [, hard] = before;
  return prlimit(pid, RLIMIT_CORE, [hard < NO_DUMP ? hard : NO_DUMP, hard], null) === 0;
}
