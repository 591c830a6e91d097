import { sizeWords } from '../../../src-shared/sizes.ts';
import type { GuestView } from '../../../src-shared/views/guest.ts';
import { plural } from '../../ui/format.ts';
import type { Status } from '../../ui/status.ts';

/** How a guest lattice is now, as a glyph and a word. */
export function guestState({ state, waiting }: Pick<GuestView, 'state' | 'waiting'>): {
  status: Status;
  word: string;
} {
  if (state === 'open' && waiting > 0) return { status: 'escalated', word: waitingWords(waiting) };
  return STATES[state];
}

const STATES: Readonly<Record<GuestView['state'], { status: Status; word: string }>> = {
  open: { status: 'online', word: 'Open' },
  opening: { status: 'running', word: 'Opening' },
  failed: { status: 'failed', word: 'Nobody answers for it' },
  resting: { status: 'offline', word: 'Rests while the hub is not shared' },
};

function waitingWords(waiting: number): string {
  return `${plural(waiting, 'device')} ${waiting === 1 ? 'asks' : 'ask'} to be let in`;
}

/** The guest lattices that hold every word of a filter in their name, org or state. */
export function filterGuests(lattices: readonly GuestView[], text: string): readonly GuestView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return lattices.filter((lattice) => {
    const hay = `${lattice.name} ${lattice.org} ${guestState(lattice).word}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** What a removal takes away, line by line, before anybody says yes to it. */
export function removalWords(
  { org, devices, storage_bytes }: Pick<GuestView, 'org' | 'devices' | 'storage_bytes'>,
  deletes: boolean,
): readonly string[] {
  const stored = sizeWords(storage_bytes);
  return [
    devices === 0
      ? 'No device is on it. Links into it end.'
      : `${plural(devices, 'device')} ${devices === 1 ? 'loses its' : 'lose their'} access at once. Links into it end.`,
    ...(deletes
      ? [
          `${stored} of log, work and results are deleted, with the list of who had access.`,
          'Nothing brings them back.',
        ]
      : [
          `${stored} of log, work and results stay on this machine, with the list of who had access.`,
          `Adding the org ${org} again brings both back.`,
        ]),
  ];
}
