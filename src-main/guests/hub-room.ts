import { LatticeError } from '../../src-shared/errors.ts';
import { GUEST_LIMITS } from '../../src-shared/guest-limits.ts';
import { sizeWords } from '../../src-shared/sizes.ts';
import type { GuestLimits } from '../../src-shared/views/guest.ts';
import { orgOfAccount } from '../hub/accounts.ts';
import { type Jsz, jszSchema, readMonitor } from '../hub/monitor-client.ts';

/** What the hub has for guests, in bytes. */
export type HubRoom = Pick<GuestLimits, 'storage_bytes' | 'memory_bytes'>;

/** Reads what the hub has beside what its own lattice keeps for itself; undefined when it does not say. */
export async function hubRoom(monitorUrl: string | undefined): Promise<HubRoom | undefined> {
  if (monitorUrl === undefined) return undefined;
  const page = '/jsz?accounts=1&streams=1&config=1';
  const jsz = await readMonitor(monitorUrl, page, jszSchema).catch(() => undefined);
  return jsz && roomOf(jsz);
}

/** The room that figures of the hub leave; undefined when they name no bounds. */
export function roomOf({ config, account_details }: Pick<Jsz, 'config' | 'account_details'>) {
  if (config.max_storage <= 0 || config.max_memory <= 0) return undefined;
  const own = account_details
    .filter(({ name }) => orgOfAccount(name) === undefined)
    .flatMap(({ stream_detail }) => stream_detail)
    .reduce((sum, stream) => sum + Math.max(stream.config.max_bytes ?? 0, 0), 0);
  return { storage_bytes: Math.max(config.max_storage - own, 0), memory_bytes: config.max_memory };
}

/**
 * Checks that limits fit into the hub beside those of the others; what a lattice has already is never refused.
 * @throws LatticeError `too_large` that says what is left.
 */
export function requireRoom(
  limits: GuestLimits,
  others: readonly GuestLimits[],
  room: HubRoom | undefined,
  before?: GuestLimits,
): void {
  if (room === undefined) return;
  for (const key of ['storage_bytes', 'memory_bytes'] as const) {
    const left = Math.max(room[key] - others.reduce((sum, other) => sum + other[key], 0), 0);
    if (limits[key] <= Math.max(left, before?.[key] ?? 0)) continue;
    throw new LatticeError(
      'too_large',
      `${GUEST_LIMITS[key].title} of ${sizeWords(limits[key])} does not fit into this hub: ${sizeWords(left)} is left.`,
      { hint: 'Use less, or give other lattices less.' },
    );
  }
}
