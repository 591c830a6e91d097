import { token } from './token.ts';

/** Version of the wire protocol, sent as the `Lattice-Protocol` header. */
export const PROTOCOL_VERSION = '1';
export const PROTOCOL_HEADER = 'Lattice-Protocol';

/** Every subject, stream and bucket name of one org; the only place where names on the wire are spelled. */
export function namesOf(org: string) {
  const root = `lattice.v1.${token(org, 'Org')}`;
  const station = (id: string) => `${root}.station.${token(id, 'Station id')}`;
  return {
    presenceAnnounce: `${root}.presence.announce`,
    presenceHeartbeat: `${root}.presence.heartbeat`,
    presenceGoodbye: `${root}.presence.goodbye`,
    presenceAll: `${root}.presence.*`,
    agentInvoke: (id: string) => `${station(id)}.agent.invoke`,
    agentCancel: (id: string) => `${station(id)}.agent.cancel`,
    stationWorkAssign: (id: string, level: number) => `${station(id)}.work.assign.${level}`,
    agentWorkAssign: (agent: string, level: number) =>
      `${root}.agent.${token(agent, 'Agent')}.work.assign.${level}`,
    workState: (work: string) => `${root}.work.${token(work, 'Work id')}.state`,
    workStateAll: `${root}.work.*.state`,
    workProgress: (work: string) => `${root}.work.${token(work, 'Work id')}.progress`,
    workOutput: (work: string) => `${root}.work.${token(work, 'Work id')}.output`,
    events: (kind: EventKind, type: string) => `${root}.events.${kind}.${type}`,
    eventsAll: `${root}.events.>`,
    assignAll: [`${root}.station.*.work.assign.*`, `${root}.agent.*.work.assign.*`],
    workOutputAll: (work: string) => `${root}.work.${token(work, 'Work id')}.*`,
    progressAll: `${root}.work.*.progress`,
    outputAll: [`${root}.work.*.progress`, `${root}.work.*.output`],
    eventsStream: `LATTICE_${org}_EVENTS`,
    queueStream: `LATTICE_${org}_QUEUE`,
    outputStream: `LATTICE_${org}_OUTPUT`,
    stationsBucket: `lattice-${org}-stations`,
    agentsBucket: `lattice-${org}-agents`,
    /** The last heartbeat by station id, so that who comes later knows the age of each without waiting for one. */
    presenceBucket: `lattice-${org}-presence`,
    usageBucket: `lattice-${org}-usage`,
    leasesBucket: `lattice-${org}-leases`,
    resultsBucket: `lattice-${org}-results`,
  } as const;
}

export type LatticeNames = ReturnType<typeof namesOf>;
export type EventKind = 'station' | 'agent' | 'task' | 'config';
