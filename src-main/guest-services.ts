import type { CallHandlers } from './app-services.ts';
import type { Guests } from './guests/guests.ts';

/** The window's calls about the lattices of others on the hub here. */
export function guestCalls(node: { readonly guests: Guests | undefined }): Pick<CallHandlers, 'guests.list'> {
  return { 'guests.list': async () => node.guests?.list() ?? [] };
}
