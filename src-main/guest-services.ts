import type { CallHandlers } from './app-services.ts';
import type { LatticeNode } from './lattice-node.ts';

/** The window's calls about the lattices of others on the hub here. */
export function guestCalls(node: LatticeNode): Pick<CallHandlers, 'guests.list'> {
  return { 'guests.list': async () => node.guests?.list() ?? [] };
}
