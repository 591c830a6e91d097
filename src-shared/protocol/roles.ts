import { z } from 'zod';
import { type LatticeNames, LEVELS, namesOf } from './subjects.ts';

/** What a device may do on a lattice; each is a list of subjects that the hub enforces. */
export const roleSchema = z.enum(['viewer', 'operator', 'station', 'auditor', 'admin']);
export type Role = z.infer<typeof roleSchema>;

/** What a role is for, as a person reads it before saying yes. */
export const roleWords: Readonly<Record<Role, { title: string; may: string; mayNot: string }>> = {
  viewer: {
    title: 'Viewer',
    may: 'See stations, agents, work and what it says.',
    mayNot: 'Give work, run agents or offer any.',
  },
  operator: {
    title: 'Operator',
    may: 'See everything, run agents, give, answer and cancel work.',
    mayNot: 'Offer agents.',
  },
  station: {
    title: 'Station',
    may: 'Offer the agents of this machine, and everything an operator may. Its owner says who may run them.',
    mayNot: 'Let others in.',
  },
  auditor: {
    title: 'Auditor',
    may: 'See everything, the whole log and who has access.',
    mayNot: 'Give work, run agents or change anything.',
  },
  admin: {
    title: 'Admin',
    may: 'Everything a station may, and let others in or take their access.',
    mayNot: 'Stop the hub.',
  },
};

/** Whether a role only looks and acts, without a station of its own. */
export function isObserver(role: Role | undefined): boolean {
  return role !== undefined && !OFFERING.includes(role);
}

/** Whether a role may run agents and give, answer and cancel work. */
export function mayAct(role: Role): boolean {
  return ACTING.includes(role);
}

/** Whether a role may offer agents, and so run work and judge it as witness. */
export function mayOffer(role: Role): boolean {
  return OFFERING.includes(role);
}

/** One thing that some roles may do on the hub, and why they need it. */
export interface RoleRule {
  verb: 'publish' | 'subscribe';
  subjects: readonly string[];
  roles: readonly Role[];
  why: string;
}

const EVERYONE = roleSchema.options;
const ACTING: readonly Role[] = ['operator', 'station', 'admin'];
const OFFERING: readonly Role[] = ['station', 'admin'];

/** Every subject that a role may use, with its reason; what is not here, the hub refuses. */
export function roleRules(org: string, device: string): RoleRule[] {
  const names = namesOf(org);
  const { stationsBucket, agentsBucket, presenceBucket, usageBucket, membersBucket } = names;
  const buckets = [stationsBucket, agentsBucket, presenceBucket, usageBucket, membersBucket];
  const leases = `KV_${names.leasesBucket}`;
  const readable = [
    names.eventsStream,
    names.outputStream,
    ...buckets.map((bucket) => `KV_${bucket}`),
    `OBJ_${names.resultsBucket}`,
  ];
  const queues = [names.queueStream, names.agentQueueStream];
  const shared = names.agentQueueStream;
  return [
    rule('subscribe', [`_INBOX_${device}.>`], EVERYONE, 'Answers to its own requests, and nobody else’s.'),
    rule('subscribe', [`${names.reply(device)}.>`], EVERYONE, 'Answers to its own calls of agents.'),
    rule('subscribe', [names.presenceAll], EVERYONE, 'Who is there.'),
    rule('subscribe', [names.progressAll], EVERYONE, 'How far running work is.'),
    rule('publish', ['$JS.API.INFO'], EVERYONE, 'Whether the hub keeps anything at all.'),
    rule(
      'publish',
      [...readable, ...queues].map((stream) => `$JS.API.STREAM.INFO.${stream}`),
      EVERYONE,
      'Whether the stores are there and set up as expected.',
    ),
    rule(
      'publish',
      readable.flatMap(readingOf),
      EVERYONE,
      'The log, what work says, the registry and results.',
    ),
    rule('publish', [names.hubOwn(device)], EVERYONE, 'To see, renew or give back its own access.'),
    rule('publish', [names.hubDevices], ['auditor', 'admin'], 'Who has access.'),
    rule('publish', [names.hubManage(device)], ['admin'], 'To let others in and take their access.'),
    rule('publish', names.agentCallsAll, ACTING, 'To call an agent, and to stop that call.'),
    rule(
      'publish',
      [names.workStateAll],
      ACTING,
      'Every change of a work; each builds on the last, or is refused.',
    ),
    rule('publish', [names.stationsWorkAll, names.agentWorkAll], ACTING, 'To put work into the queue.'),
    rule(
      'subscribe',
      [names.agentInvoke(device), names.agentCancel(device)],
      OFFERING,
      'Calls of its own agents.',
    ),
    rule('publish', [names.replyAll], OFFERING, 'To answer who called; addresses cannot be guessed.'),
    rule(
      'publish',
      [names.presenceAnnounce(device), names.presenceHeartbeat(device), names.presenceGoodbye(device)],
      OFFERING,
      'To say that it is there, for itself alone.',
    ),
    rule(
      'publish',
      [
        `$KV.${names.stationsBucket}.${device}`,
        `$KV.${names.agentsBucket}.${device}.*`,
        `$KV.${names.presenceBucket}.${device}`,
        `$KV.${names.usageBucket}.*.${device}`,
      ],
      OFFERING,
      'Its own record, its own agents, its own heartbeat and its own usage.',
    ),
    rule(
      'publish',
      [`$KV.${names.leasesBucket}.witness`, `$JS.API.STREAM.INFO.${leases}`, ...readingOf(leases)],
      OFFERING,
      'To be the witness when no other node is.',
    ),
    rule('publish', [names.eventsBy(device)], OFFERING, 'What it has to tell the log, in its own name.'),
    rule('publish', names.saidBy(device), OFFERING, 'What the work that it runs says.'),
    rule(
      'publish',
      [`$O.${names.resultsBucket}.C.>`, `$O.${names.resultsBucket}.M.>`],
      OFFERING,
      'Results that are too large for a message.',
    ),
    rule(
      'publish',
      LEVELS.flatMap((level) => ownLane(names, device, level)),
      OFFERING,
      'To take work that waits for itself alone, and to confirm it.',
    ),
    rule(
      'publish',
      [
        `$JS.API.CONSUMER.CREATE.${shared}.*.${names.agentWorkAll}`,
        `$JS.API.CONSUMER.MSG.NEXT.${shared}.*`,
        `$JS.ACK.${shared}.>`,
      ],
      OFFERING,
      'To take work for the agents it offers, and to confirm it.',
    ),
    rule(
      'publish',
      queues.flatMap((queue) => [`$JS.API.DIRECT.GET.${queue}`, `$JS.API.DIRECT.GET.${queue}.>`]),
      OFFERING,
      'As witness: whether an assignment was lost.',
    ),
    rule(
      'publish',
      queues.flatMap((queue) => [`$JS.API.CONSUMER.LIST.${queue}`, `$JS.API.CONSUMER.DELETE.${queue}.*`]),
      ['admin'],
      'To remove queue readers of stations that are gone.',
    ),
  ];
}

/** What the hub enforces: subjects by verb. */
export interface AllowedSubjects {
  publish: string[];
  subscribe: string[];
}

/** The subjects of one device with a role. */
export function allowedTo(role: Role, org: string, device: string): AllowedSubjects {
  const rules = roleRules(org, device).filter((each) => each.roles.includes(role));
  const of = (verb: RoleRule['verb']) =>
    rules.flatMap((each) => (each.verb === verb ? [...each.subjects] : []));
  return { publish: of('publish'), subscribe: of('subscribe') };
}

/** The subjects of a device that has the code of an invitation and no access yet: one question, and its answer. */
export function allowedToEnrol(org: string, invitation: string): AllowedSubjects {
  return { publish: [namesOf(org).enrol(invitation)], subscribe: [`_INBOX_${invitation}.>`] };
}

function rule(
  verb: RoleRule['verb'],
  subjects: readonly string[],
  roles: readonly Role[],
  why: string,
): RoleRule {
  return { verb, subjects, roles, why };
}

/** One level of what waits for one station: its reader, and its messages. */
function ownLane(names: LatticeNames, device: string, level: number): string[] {
  const reader = names.stationReader(device, level);
  return [
    `$JS.API.CONSUMER.CREATE.${names.queueStream}.${reader}.${names.stationWorkAssign(device, level)}`,
    `$JS.API.CONSUMER.MSG.NEXT.${names.queueStream}.${reader}`,
    `$JS.ACK.${names.queueStream}.${reader}.>`,
  ];
}

/** Reading a stream in order and by message; none of it changes what is stored. */
function readingOf(stream: string): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.DELETE.${stream}.*`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.FC.${stream}.>`,
  ];
}
