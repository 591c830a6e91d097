import type { StationView } from '../../src-shared/views/mesh.ts';
import type { RunView } from '../../src-shared/views/run.ts';
import { plural } from '../ui/format.ts';

/** What a quit of the app ends. */
export interface Quitting {
  /** Works that run on this machine. */
  works: number;
  /** Direct calls that this machine made or runs for others. */
  calls: number;
  /** Whether the hub runs on this machine. */
  hosts: boolean;
  /** Other stations that are there. */
  others: number;
}

/** How many direct calls this machine runs for others: the busy slots that nothing of its own explains. */
export function callsOfOthers(
  self: string | undefined,
  stations: readonly StationView[],
  works: readonly unknown[],
  runs: readonly Pick<RunView, 'station_id' | 'state'>[],
): number {
  const busy = stations.find((station) => station.id === self)?.load.running ?? 0;
  const own = runs.filter((run) => run.state === 'running' && run.station_id === self).length;
  return Math.max(0, busy - works.length - own);
}

function fateOfWorks({ works, calls, hosts, others }: Quitting): string {
  const one = works === 1;
  const they = calls > 0 ? (one ? 'The work' : 'The works') : one ? 'It' : 'They';
  const back = `${they} ${one ? 'goes' : 'go'} back to the queue at once`;
  if (others > 0) return `${back} and another station takes ${one ? 'it' : 'them'}.`;
  return `${back} and ${one ? 'starts' : 'start'} again when ${hosts ? 'this machine is back' : 'a station is there'}.`;
}

function fateOfCalls({ works, calls }: Quitting): string {
  const one = calls === 1;
  if (works > 0) return `The direct ${one ? 'call is' : 'calls are'} cancelled.`;
  return `${one ? 'It is' : 'They are'} cancelled at once.`;
}

/** The question before a quit, and what comes of it. */
export function quitWords(quitting: Quitting): { title: string; text: string } {
  const { works, calls, hosts, others } = quitting;
  const subjects = [works > 0 && plural(works, 'work'), calls > 0 && plural(calls, 'call')].filter(Boolean);
  const title =
    subjects.length === 0
      ? 'Quit Lattice?'
      : `Quit while ${subjects.join(' and ')} ${works + calls === 1 ? 'runs' : 'run'}${calls === 0 ? ' here' : ''}?`;
  const text = [
    works > 0 && fateOfWorks(quitting),
    calls > 0 && fateOfCalls(quitting),
    hosts &&
      others > 0 &&
      `The hub stops too, so the ${plural(others, 'other station')} ${others === 1 ? 'waits' : 'wait'} until it is back.`,
  ].filter(Boolean);
  return { title, text: text.join(' ') };
}
