import { present } from '../../src-shared/present.ts';
import type { AccessList } from '../../src-shared/protocol/enrol.ts';
import type { DeviceView, InvitationView } from '../../src-shared/views/device.ts';
import { keyWords } from './key-words.ts';
import type { Device, Invitation, Roster } from './roster.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What is known of a device beside the roster. */
export interface DeviceFacts extends Pick<DeviceView, 'connected' | 'agents'> {
  address?: string | undefined;
  last_seen?: string | undefined;
  agent_names?: string[] | undefined;
  work?: DeviceView['work'];
  refused?: DeviceView['refused'];
}

/** Every device and invitation as people see them, the newest first. */
export function accessList(
  roster: Roster,
  waiting: WaitingRoom,
  facts: ReadonlyMap<string, DeviceFacts>,
): AccessList {
  const devices = roster.devices.map((device) => deviceView(device, facts.get(device.id)));
  const invitations = roster.invitations.map((invitation) => invitationView(invitation, roster, waiting));
  return { devices: devices.reverse(), invitations: invitations.reverse() };
}

function deviceView({ former_keys, ...device }: Device, facts?: DeviceFacts): DeviceView {
  const { connected = false, agents = 0, ...known } = facts ?? {};
  return {
    ...device,
    ...present(known),
    ...present({ key_since: former_keys.at(-1)?.until }),
    fingerprint: keyWords(device.key),
    connected: connected && device.revoked_at === undefined,
    agents,
  };
}

function invitationView(invitation: Invitation, roster: Roster, waiting: WaitingRoom): InvitationView {
  const { id, role, created_at, by, expires_at, approve, used_by: user } = invitation;
  const state = roster.stateOf(invitation);
  const used_by = roster.devices.find((device) => knows(device, user))?.name;
  return {
    id,
    role,
    created_at,
    expires_at,
    approve,
    state,
    waiting: state === 'open' ? waiting.of(id) : [],
    ...present({ by, used_by }),
  };
}

function knows({ key, former_keys }: Device, wanted: string | undefined): boolean {
  return key === wanted || former_keys.some((former) => former.key === wanted);
}
