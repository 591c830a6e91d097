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
    agentCallsAll: [`${root}.station.*.agent.invoke`, `${root}.station.*.agent.cancel`],
    /** Every level of what waits for one station. */
    stationWorkAll: (id: string) => `${station(id)}.work.assign.*`,
    /** Every level of what waits for any station that offers an agent. */
    agentWorkAll: `${root}.agent.*.work.assign.*`,
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
    /** Answers to the calls of one machine come back below this, so that who calls needs nobody else's inbox. */
    reply: (id: string) => `${root}.reply.${token(id, 'Caller')}`,
    replyAll: `${root}.reply.>`,
    /** Where a machine with the code of one invitation asks to be let in. */
    enrol: (invitation: string) => `${root}.hub.enrol.${token(invitation, 'Invitation')}`,
    enrolAll: `${root}.hub.enrol.*`,
    /** Asks the host who may be on the lattice. */
    hubDevices: `${root}.hub.devices`,
    /** Asks the host to change who may be on the lattice. */
    hubManage: `${root}.hub.manage`,
    /** Asks the host about the lattices it carries for others; no role may, only the machine that hosts. */
    hubGuests: `${root}.hub.guests`,
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
