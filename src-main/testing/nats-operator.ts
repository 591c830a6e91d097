import { createAccount, createOperator, createUser, type KeyPair } from '@nats-io/nkeys';
import { rememberSecret } from './find-secrets.ts';

/** What a user in operator mode may do; everything when it is left out. */
export interface UserPermissions {
  publish?: readonly string[];
  subscribe?: readonly string[];
}

/** The seed of a key pair as text. */
export function seedOf(pair: KeyPair): string {
  return rememberSecret(new TextDecoder().decode(pair.getSeed()));
}

/** A server in operator mode with a resolver in memory: its config, and credentials that it knows and does not know. */
export function operatorMode(permissions: UserPermissions = {}) {
  const [operator, system, account, user, stranger] = [
    createOperator(),
    createAccount(),
    createAccount(),
    createUser(),
    createUser(),
  ];
  const strange = createAccount();
  const limits = {
    subs: -1,
    data: -1,
    payload: -1,
    imports: -1,
    exports: -1,
    wildcards: true,
    conn: -1,
    leaf: -1,
  };
  const jetstream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const operatorJwt = sign(operator, operator, 'operator', { system_account: system.getPublicKey() });
  const systemJwt = sign(operator, system, 'account', { limits });
  const scope = createAccount();
  const template = {
    pub: permissions.publish ? { allow: permissions.publish } : {},
    sub: permissions.subscribe ? { allow: permissions.subscribe } : {},
    subs: -1,
    data: -1,
    payload: -1,
  };
  const accountJwt = sign(operator, account, 'account', {
    limits: { ...limits, ...jetstream },
    signing_keys: [{ kind: 'user_scope', key: scope.getPublicKey(), role: 'lattice', template }],
  });
  // The permissions are those of the scope: a user JWT with all of them is longer than a line of the protocol may be.
  const userJwt = (issuer: KeyPair, subject: KeyPair, of = issuer) =>
    sign(issuer, subject, 'user', { issuer_account: of.getPublicKey() });
  return {
    config: [
      `operator: ${operatorJwt}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${system.getPublicKey()}: ${systemJwt}, ${account.getPublicKey()}: ${accountJwt} }`,
    ].join('\n'),
    good: credentials(userJwt(scope, user, account), user),
    bad: credentials(userJwt(strange, stranger), stranger),
  };
}

function sign(issuer: KeyPair, subject: KeyPair, type: string, claims: object): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ typ: 'JWT', alg: 'ed25519-nkey' });
  const body = part({
    jti: `${type}-${subject.getPublicKey()}`,
    iat: Math.floor(Date.now() / 1_000),
    iss: issuer.getPublicKey(),
    name: type,
    sub: subject.getPublicKey(),
    nats: { ...claims, type, version: 2 },
  });
  const signature = issuer.sign(new TextEncoder().encode(`${head}.${body}`));
  return `${head}.${body}.${Buffer.from(signature).toString('base64url')}`;
}

function credentials(jwt: string, user: KeyPair): string {
  return [
    '-----BEGIN NATS USER JWT-----',
    jwt,
    '------END NATS USER JWT------',
    '',
    '-----BEGIN USER NKEY SEED-----',
    seedOf(user),
    '------END USER NKEY SEED------',
    '',
  ].join('\n');
}
