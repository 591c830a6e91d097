import { userInfo } from 'node:os';
import { isActorText } from '../../src-shared/tracker/actor.ts';
import { actorIdentifier } from './actor-view.ts';

/** Who the person at this machine is on boards: what `LATTICE_ACTOR` says, else the name of the user. */
export function personActor(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.LATTICE_ACTOR ?? '';
  return isActorText(named) ? named : `human:${actorIdentifier(userInfo().username)}`;
}
