import { token } from './token.ts';

/** Version of the wire protocol, sent as the `Lattice-Protocol` header. */
export const PROTOCOL_VERSION = '1';
export const PROTOCOL_HEADER = 'Lattice-Protocol';

/** The level of work that a station takes up again after a restart; it goes before every priority. */
export const RESUME_LEVEL = 0;
/** Every level of the queues in order: resumed work, then priority 1 to 5. */
export const LEVELS: readonly number[] = [RESUME_LEVEL, 1, 2, 3, 4, 5];

/** Every subject, stream and bucket name of one org; the only place where names on the wire are spelled. */
export function namesOf(org: string) {
  const root = `lattice.v1.${token(org, 'Org')}`;
  const station = (id: string) => `${root}.station.${token(id, 'Station id')}`;
  return {
    presenceAnnounce: (id: string) => `${root}.presence.announce.${token(id, 'Station id')}`,
    presenceHeartbeat: (id: string) => `${root}.presence.heartbeat.${token(id, 'Station id')}`,
    presenceGoodbye: (id: string) => `${root}.presence.goodbye.${token(id, 'Station id')}`,
    presenceAll: `${root}.presence.*.*`,
    agentInvoke: (id: string) => `${station(id)}.agent.invoke`,
    agentCancel: (id: string) => `${station(id)}.agent.cancel`,
    agentCallsAll: [`${root}.station.*.agent.invoke`, `${root}.station.*.agent.cancel`],
    /** Every level of what waits for any station that offers an agent. */
    agentWorkAll: `${root}.agent.*.work.assign.*`,
    stationWorkAssign: (id: string, level: number) => `${station(id)}.work.assign.${level}`,
    agentWorkAssign: (agent: string, level: number) =>
      `${root}.agent.${token(agent, 'Agent')}.work.assign.${level}`,
    workState: (work: string) => `${root}.work.${token(work, 'Work id')}.state`,
    workStateAll: `${root}.work.*.state`,
    workProgress: (work: string, id: string) =>
      `${root}.work.${token(work, 'Work id')}.progress.${token(id, 'Station id')}`,
    workOutput: (work: string, id: string) =>
      `${root}.work.${token(work, 'Work id')}.output.${token(id, 'Station id')}`,
    /** How far a work is, whoever says so. */
    workProgressAll: (work: string) => `${root}.work.${token(work, 'Work id')}.progress.*`,
    /** What a work says, whoever says so. */
    workOutputAll: (work: string) => `${root}.work.${token(work, 'Work id')}.output.*`,
    /** What one station may say of works. */
    saidBy: (id: string) => [
      `${root}.work.*.progress.${token(id, 'Station id')}`,
      `${root}.work.*.output.${token(id, 'Station id')}`,
    ],
    events: (id: string, kind: EventKind, type: string) =>
      `${root}.events.${token(id, 'Station id')}.${kind}.${type}`,
    /** Everything that one station may tell the log. */
    eventsBy: (id: string) => `${root}.events.${token(id, 'Station id')}.>`,
    /** The events of one kind, whoever tells them. */
    eventsOf: (kind: EventKind) => `${root}.events.*.${kind}.>`,
    eventsAll: `${root}.events.>`,
    /** Every level of what waits for single stations, whichever. */
    stationsWorkAll: `${root}.station.*.work.assign.*`,
    /** The durable reader of one level of what waits for a station; nobody else may use it. */
    stationReader: (id: string, level: number) => `station-${token(id, 'Station id')}-${level}`,
    /** The durable reader of one level of an agent, which every station that offers the agent shares. */
    agentReader: (agent: string, level: number) => `agent-${token(agent, 'Agent')}-${level}`,
    progressAll: `${root}.work.*.progress.*`,
    outputAll: [`${root}.work.*.progress.*`, `${root}.work.*.output.*`],
    /** Answers to the calls of one machine come back below this, so that who calls needs nobody else's inbox. */
    reply: (id: string) => `${root}.reply.${token(id, 'Caller')}`,
    replyAll: `${root}.reply.>`,
    /** Where a machine with the code of one invitation asks to be let in. */
    enrol: (invitation: string) => `${root}.hub.enrol.${token(invitation, 'Invitation')}`,
    enrolAll: `${root}.hub.enrol.*`,
    /** Asks the host who may be on the lattice. */
    hubDevices: `${root}.hub.devices`,
    /** Where one device asks the host to change who may be on the lattice. */
    hubManage: (device: string) => `${root}.hub.manage.${token(device, 'Device')}`,
    hubManageAll: `${root}.hub.manage.*`,
    /** Where one device asks the host about its own access; the hub lets nobody else ask there. */
    hubOwn: (device: string) => `${root}.hub.own.${token(device, 'Device')}`,
    hubOwnAll: `${root}.hub.own.*`,
    /** Asks the host about the lattices it carries for others; no role may, only the machine that hosts. */
    hubGuests: `${root}.hub.guests`,
    eventsStream: `LATTICE_${org}_EVENTS`,
    /** What waits for single stations. */
    queueStream: `LATTICE_${org}_QUEUE`,
    /** What waits for any station that offers an agent: apart, because permissions cannot tell readers by part of a name. */
    agentQueueStream: `LATTICE_${org}_AGENTS`,
    outputStream: `LATTICE_${org}_OUTPUT`,
    stationsBucket: `lattice-${org}-stations`,
    agentsBucket: `lattice-${org}-agents`,
    /** The last heartbeat by station id, so that who comes later knows the age of each without waiting for one. */
    presenceBucket: `lattice-${org}-presence`,
    usageBucket: `lattice-${org}-usage`,
    leasesBucket: `lattice-${org}-leases`,
    /** Who is on the lattice with which keys; only the host writes it. */
    membersBucket: `lattice-${org}-members`,
    resultsBucket: `lattice-${org}-results`,
  } as const;
}

export type LatticeNames = ReturnType<typeof namesOf>;
export const EVENT_KINDS = ['station', 'agent', 'task', 'config'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Who speaks on a subject of presence, progress or output: its last token. */
export function senderOf(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}
