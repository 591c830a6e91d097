import { type AllowedSubjects, type Role, type RoleRule, roleRules } from './roles.ts';
import { type LatticeNames, namesOf } from './subjects.ts';

/** Who permissions are for. */
export interface PermissionRequest {
  org: string;
  role: Role;
  /** The id of the station or device that will connect. */
  device: string;
  /** Where its answers come to, when that is not our own inbox. */
  inboxPrefix?: string | undefined;
  /** Whether it may also make the streams and buckets, as the first station of a lattice has to. */
  create?: boolean | undefined;
}

/** Every stream behind what a lattice stores: its streams, buckets and the store of large results. */
export function storeStreams(names: LatticeNames): string[] {
  const { stationsBucket, agentsBucket, presenceBucket, leasesBucket, usageBucket } = names;
  return [
    names.eventsStream,
    names.queueStream,
    names.agentQueueStream,
    names.outputStream,
    ...[stationsBucket, agentsBucket, presenceBucket, leasesBucket, usageBucket].map((name) => `KV_${name}`),
    `OBJ_${names.resultsBucket}`,
  ];
}

/** The rules of one device on a hub elsewhere: its inbox may be another, and it may make the stores. */
export function rulesFor({ org, role, device, inboxPrefix, create }: PermissionRequest): RoleRule[] {
  const rules = roleRules(org, device)
    .filter((rule) => rule.roles.includes(role))
    .map((rule) => ({ ...rule, subjects: rule.subjects.filter((subject) => !isForHost(subject, org)) }))
    .filter(({ subjects }) => subjects.length > 0);
  const own = `_INBOX_${device}.>`;
  const moved = rules.map((rule) =>
    inboxPrefix === undefined || !rule.subjects.includes(own)
      ? rule
      : {
          ...rule,
          subjects: rule.subjects.map((subject) => (subject === own ? `${inboxPrefix}.>` : subject)),
        },
  );
  if (!create) return moved;
  const making: RoleRule = {
    verb: 'publish',
    subjects: storeStreams(namesOf(org)).map((stream) => `$JS.API.STREAM.CREATE.${stream}`),
    roles: [role],
    why: 'To make the streams and buckets of the lattice.',
  };
  return [...moved, making];
}

/** No host lets devices into a hub elsewhere, so nobody asks it there, and there is no list of members to read. */
function isForHost(subject: string, org: string): boolean {
  return subject.includes('.hub.') || subject.includes(namesOf(org).membersBucket);
}

/** The subjects of a request by verb, each once. */
export function permissionsFor(request: PermissionRequest): AllowedSubjects {
  const rules = rulesFor(request);
  const of = (verb: RoleRule['verb']) => [
    ...new Set(rules.flatMap((rule) => (rule.verb === verb ? [...rule.subjects] : []))),
  ];
  return { publish: of('publish'), subscribe: of('subscribe') };
}

/** Permissions as the config file of nats-server takes them, for a user or for the defaults of an account. */
export function permissionsConf({ publish, subscribe }: AllowedSubjects): string {
  const block = (verb: string, subjects: readonly string[]) => [
    `  ${verb} {`,
    '    allow [',
    ...subjects.map((subject) => `      ${JSON.stringify(subject)}`),
    '    ]',
    '  }',
  ];
  return ['permissions {', ...block('publish', publish), ...block('subscribe', subscribe), '}'].join('\n');
}

/**
 * Permissions as commands of nsc: a signing key with a role, and a user of it. They stand in the account and not in the
 * user, because a user JWT with all of them is longer than a line of the protocol may be.
 */
export function permissionsNsc({ publish, subscribe }: AllowedSubjects, device: string): string {
  const list = (subjects: readonly string[]) => `'${subjects.join(',')}'`;
  const role = `lattice-${device}`;
  return [
    `nsc edit signing-key --account ACCOUNT --sk generate --role ${role} \\`,
    `  --allow-pub ${list(publish)} \\`,
    `  --allow-sub ${list(subscribe)}`,
    `nsc add user --account ACCOUNT --name ${device} -K ${role}`,
    `nsc generate creds --account ACCOUNT --name ${device} --output-file ${device}.creds`,
  ].join('\n');
}
