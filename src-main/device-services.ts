import { fingerprintWords } from '../src-shared/fingerprint-words.ts';
import { type JoinLink, readJoinLink } from '../src-shared/join-link.ts';
import type { Membership } from './access/membership.ts';
import type { CallHandlers } from './app-services.ts';
import type { LatticeNode } from './lattice-node.ts';

type DeviceCall = Extract<keyof CallHandlers, `devices.${string}` | `join.${string}`>;

/** The window's calls about who may be on a lattice. */
export function deviceCalls(node: LatticeNode): Pick<CallHandlers, DeviceCall> {
  let waiting = new AbortController();
  return {
    'devices.list': () => node.access.list(),
    'devices.invite': async (options) => {
      const link = await node.access.invite(options);
      return { link, offer: offerOf(readJoinLink(link)) };
    },
    'devices.manage': async (request) => {
      await node.access.manage(request);
    },
    'join.read': ({ link }) => offerOf(readJoinLink(link)),
    'join.enter': async ({ link }) => {
      waiting.abort();
      waiting = new AbortController();
      await node.joinLink(link, { signal: waiting.signal });
    },
    'join.cancel': () => waiting.abort(),
    'join.membership': async () => {
      const membership = await node.joining.membership();
      return membership ? { offer: offerOf(membership) } : {};
    },
    'join.again': () => node.rejoin(),
    'join.forget': async () => {
      await node.leave();
      await node.joining.forget();
    },
  };
}

function offerOf(place: Pick<JoinLink, 'lattice' | 'role' | 'hosts' | 'pin'> | Membership | JoinLink) {
  const { lattice, role, hosts, pin } = place;
  const fingerprint = fingerprintWords(Buffer.from(pin, 'base64url'));
  return { lattice, role, hosts, fingerprint, ...('expires' in place ? { expires: place.expires } : {}) };
}
