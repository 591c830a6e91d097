import { LatticeError } from '../src-shared/errors.ts';
import type { NodeView } from '../src-shared/views/node.ts';
import type { CallHandlers } from './app-services.ts';
import { madeLink } from './device-services.ts';
import type { Guests } from './guests/guests.ts';

type GuestCall = Extract<keyof CallHandlers, `guests.${string}`>;

export interface GuestHost {
  /** Absent where no hub runs that could carry any. */
  readonly guests: Guests | undefined;
  readonly view: { readonly value: Pick<NodeView, 'mode' | 'hub'> };
}

/** The window's calls about the lattices of others on the hub here. */
export function guestCalls(node: GuestHost): Pick<CallHandlers, GuestCall> {
  const guests = () => {
    if (node.guests) return node.guests;
    throw notHere(node);
  };
  return {
    'guests.list': async () => {
      const lattices = (await node.guests?.list()) ?? [];
      const closed = closedBy(node)?.toShape();
      return closed === undefined ? { lattices } : { lattices, closed };
    },
    'guests.add': async (input) => {
      const closed = closedBy(node);
      if (closed) throw closed;
      const { lattices = [] } = await guests().handle({ op: 'add', ...input });
      const added = lattices.find(({ org }) => org === input.org);
      if (!added) throw new LatticeError('not_found', `The lattice ${input.org} is gone again.`);
      return added;
    },
    'guests.limit': async (input) => {
      await guests().handle({ op: 'limit', ...input });
    },
    'guests.remove': async (input) => {
      const { kept = [] } = await guests().handle({ op: 'remove', ...input });
      return { kept };
    },
    'guests.access': async ({ org }) => guests().access(org).list(),
    'guests.invite': async ({ org, options }) => madeLink(await guests().access(org).invite(options)),
    'guests.manage': async ({ org, request }) => {
      await guests().access(org).manage(request);
    },
  };
}

function closedBy(node: GuestHost): LatticeError | undefined {
  if (!node.guests) return notHere(node);
  if (node.view.value.hub?.state !== 'running')
    return new LatticeError('hub_failed', 'The hub does not run now.', { hint: 'Start it first.' });
  return node.guests.closed;
}

function notHere({ view: { value } }: GuestHost): LatticeError {
  if (value.mode !== 'orchestrator')
    return new LatticeError(
      'unsupported',
      'No hub of a lattice runs on this machine, so it carries no other lattice.',
      { hint: 'Host a lattice and share it, or do this on the machine that hosts.' },
    );
  return new LatticeError(
    'unsupported',
    'This hub does not tell devices apart, so it carries no other lattice.',
    {
      hint: 'Remove token, users and TLS files of the hub from config.yaml, then host again.',
    },
  );
}
