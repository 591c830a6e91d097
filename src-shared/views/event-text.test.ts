import { expect, it } from 'vitest';
import { eventText } from './event-text.ts';

const changed = (data: Record<string, unknown>) =>
  eventText({ seq: 1, id: 'e1', time: '', source: '', type: 'config.changed', station_name: 'atlas', data });

it('says which file of which station changed, and for which agents', () => {
  expect(changed({ file: 'lattice.yaml', agents: ['coder', 'oracle'] })).toBe(
    'lattice.yaml of atlas changed: coder, oracle',
  );
  expect(changed({ file: 'lattice.local.yaml', agents: [] })).toBe('lattice.local.yaml of atlas changed');
  expect(changed({ agents: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] })).toBe(
    'lattice.yaml of atlas changed: a, b, c, d, e and 2 more',
  );
});

it.each([{}, { file: 7, agents: 'coder' }, { agents: [1, null] }])(
  'reads %j as a change of no agent',
  (data) => {
    expect(changed(data)).toBe('lattice.yaml of atlas changed');
  },
);

it('says what became of a run at the gate of a station', () => {
  const decided = (type: string, data: Record<string, unknown> = {}) =>
    eventText({
      seq: 1,
      id: 'e1',
      time: '',
      source: '',
      type: `agent.${type}`,
      station_name: 'atlas',
      agent: 'deploy',
      data: { requested_by: 'anna', ...data },
    });
  expect(decided('run_refused', { reason: 'Only for its owner.' })).toBe(
    'atlas refused to run deploy for anna: Only for its owner.',
  );
  expect(decided('run_approved')).toBe('The owner of atlas allowed a run of deploy for anna');
  expect(decided('run_denied')).toBe('The owner of atlas did not allow a run of deploy for anna');
});
