import { type AllowedSubjects, allowedTo, allowedToEnrol } from '../../src-shared/protocol/roles.ts';
import type { KeyUser } from '../hub/accounts.ts';
import type { Device, Invitation } from './roster.ts';

export interface HubUsersOptions {
  org: string;
  /** The public key of the station that hosts; the hub is its own, so nothing is closed to it. */
  hostKey: string;
  devices: readonly Device[];
  invitations: readonly Invitation[];
}

/** Who the hub lets in, each with exactly what its role may do; who lost access is not in it. */
export function hubUsers({ org, hostKey, devices, invitations }: HubUsersOptions): {
  kind: 'nkeys';
  users: KeyUser[];
} {
  return {
    kind: 'nkeys',
    users: [
      { nkey: hostKey },
      ...devices
        .filter((device) => device.revoked_at === undefined && device.key !== hostKey)
        .map(({ key, role, id }) => ({ nkey: key, permissions: permissionsOf(allowedTo(role, org, id)) })),
      ...invitations.map(({ key, id }) => ({
        nkey: key,
        permissions: permissionsOf(allowedToEnrol(org, id)),
      })),
    ],
  };
}

function permissionsOf({ publish, subscribe }: AllowedSubjects) {
  return { publish: { allow: publish }, subscribe: { allow: subscribe } };
}
