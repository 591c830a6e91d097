import { describe, expect, it } from 'vitest';
import { DEFAULT_GUEST_LIMITS, type GuestView } from '../../../src-shared/views/guest.ts';
import { filterGuests, guestState, removalWords } from './guest-words.ts';

function guest(more: Partial<GuestView>): GuestView {
  return {
    org: 'design',
    name: 'Design team',
    created_at: '2026-11-20T08:00:00.000Z',
    limits: DEFAULT_GUEST_LIMITS,
    state: 'open',
    devices: 0,
    waiting: 0,
    connections: 0,
    storage_bytes: 0,
    ...more,
  };
}

describe('a guest lattice', () => {
  it('calls while a device waits, but not when nobody could answer it', () => {
    expect(guestState(guest({}))).toEqual({ status: 'online', word: 'Open' });
    expect(guestState(guest({ waiting: 1 })).word).toBe('1 device asks to be let in');
    expect(guestState(guest({ waiting: 2 }))).toEqual({
      status: 'escalated',
      word: '2 devices ask to be let in',
    });
    expect(guestState(guest({ state: 'failed', waiting: 1 })).status).toBe('failed');
  });

  it('is found by every word of its name, org and state', () => {
    const all = [guest({}), guest({ org: 'billing', name: 'Money', state: 'resting' })];
    expect(filterGuests(all, ' ').length).toBe(2);
    expect(filterGuests(all, 'TEAM open').map(({ org }) => org)).toEqual(['design']);
    expect(filterGuests(all, 'rests bill').map(({ org }) => org)).toEqual(['billing']);
    expect(filterGuests(all, 'design money')).toEqual([]);
  });

  it('that is removed says what is lost, and what is not', () => {
    const one = guest({ devices: 1, storage_bytes: 3 * 1024 ** 2 });
    expect(removalWords(one, false)).toEqual([
      '1 device loses its access at once. Links into it end.',
      '3 MiB of log, work and results stay on this machine, with the list of who had access.',
      'Adding the org design again brings both back.',
    ]);
    expect(removalWords({ ...one, devices: 2 }, true)).toEqual([
      '2 devices lose their access at once. Links into it end.',
      '3 MiB of log, work and results are deleted, with the list of who had access.',
      'Nothing brings them back.',
    ]);
    expect(removalWords(guest({}), false)[0]).toBe('No device is on it. Links into it end.');
  });
});
