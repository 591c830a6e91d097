import { describe, expect, it } from 'vitest';
import type { StationView } from '../../src-shared/views/mesh.ts';
import { callsOfOthers, quitWords } from './quit-words.ts';

const alone = { works: 0, calls: 0, hosts: false, others: 0 };

describe('the question before a quit', () => {
  it('says that works go on elsewhere and that the hub stops', () => {
    expect(quitWords({ works: 3, calls: 0, hosts: true, others: 4 })).toEqual({
      title: 'Quit while 3 works run here?',
      text: 'They go back to the queue at once and another station takes them. The hub stops too, so the 4 other stations wait until it is back.',
    });
  });

  it('parts works from direct calls, which nobody takes over', () => {
    expect(quitWords({ works: 1, calls: 2, hosts: false, others: 1 })).toEqual({
      title: 'Quit while 1 work and 2 calls run?',
      text: 'The work goes back to the queue at once and another station takes it. The direct calls are cancelled.',
    });
    expect(quitWords({ ...alone, calls: 1 })).toEqual({
      title: 'Quit while 1 call runs?',
      text: 'It is cancelled at once.',
    });
  });

  it('promises no other station when there is none', () => {
    const { text } = quitWords({ ...alone, works: 2, hosts: true });
    expect(text).toBe('They go back to the queue at once and start again when this machine is back.');
    expect(quitWords({ ...alone, works: 1 }).text).toContain('starts again when a station is there');
  });

  it('still asks when all of it ended meanwhile', () => {
    expect(quitWords(alone)).toEqual({ title: 'Quit Lattice?', text: '' });
  });
});

describe('calls of others', () => {
  const station = { id: 'atlas', load: { running: 5 } } as StationView;

  it('are the busy slots that nothing of its own explains', () => {
    const runs = [
      { state: 'running', station_id: 'atlas' },
      { state: 'queued', station_id: 'atlas' },
      { state: 'running', station_id: 'forge' },
    ] as const;
    expect(callsOfOthers('atlas', [station], ['a', 'b'], runs)).toBe(2);
  });

  it('are none when the load is older than the works, or unknown', () => {
    expect(callsOfOthers('atlas', [station], ['a', 'b', 'c', 'd', 'e', 'f'], [])).toBe(0);
    expect(callsOfOthers(undefined, [station], [], [])).toBe(0);
  });
});
