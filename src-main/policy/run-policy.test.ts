import { describe, expect, it } from 'vitest';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import { judgeRun, type RunPolicy, type WantedRun } from './run-policy.ts';

const anna: Sender = { id: 'dev-anna', name: 'anna', role: 'operator', verified: true };
const claimed: Sender = { name: 'anna', verified: false };

function judge(policy: Partial<RunPolicy>, run: Partial<WantedRun> = {}) {
  const judged = judgeRun(
    { allow: 'everyone', people: [], agents: {}, ...policy },
    { agent: 'deploy', demandsApproval: false, sender: anna, isOwn: false, stationName: 'build-box', ...run },
  );
  return judged.verdict === 'refuse' ? judged.error.message : judged;
}

describe('the policy of a station', () => {
  it('lets everyone run, unless the agent asks', () => {
    expect(judge({})).toEqual({ verdict: 'run' });
    expect(judge({}, { sender: claimed })).toEqual({ verdict: 'run' });
    expect(judge({}, { demandsApproval: true })).toEqual({ verdict: 'ask', because: 'agent' });
  });

  it('asks the owner about others', () => {
    expect(judge({ allow: 'ask' })).toEqual({ verdict: 'ask', because: 'rule' });
    expect(judge({ allow: 'ask' }, { isOwn: true })).toEqual({ verdict: 'run' });
    expect(judge({ allow: 'ask' }, { demandsApproval: true })).toEqual({ verdict: 'ask', because: 'agent' });
  });

  it('takes named people by name or id, and only those whose key proves it', () => {
    expect(judge({ allow: 'named', people: ['anna'] })).toEqual({ verdict: 'run' });
    expect(judge({ allow: 'named', people: ['dev-anna'] })).toEqual({ verdict: 'run' });
    expect(judge({ allow: 'named', people: ['bob'] })).toBe(
      'build-box runs deploy for named people only, and anna is not one of them.',
    );
    expect(judge({ allow: 'named', people: ['anna'] }, { sender: claimed })).toBe(
      'build-box runs deploy for named people only, and nothing proves that this comes from anna.',
    );
    expect(judge({ allow: 'named', people: ['anna'] }, { demandsApproval: true })).toEqual({
      verdict: 'ask',
      because: 'agent',
    });
  });

  it('runs for the owner only, and the owner is asked only when the agent demands it', () => {
    expect(judge({ allow: 'owner' })).toBe('build-box runs deploy for its owner only.');
    expect(judge({ allow: 'owner' }, { isOwn: true })).toEqual({ verdict: 'run' });
    expect(judge({ allow: 'owner' }, { isOwn: true, demandsApproval: true })).toEqual({
      verdict: 'ask',
      because: 'agent',
    });
    expect(judge({ allow: 'owner' }, { demandsApproval: true })).toBe(
      'build-box runs deploy for its owner only.',
    );
  });

  it('puts the rule of an agent before that of the station, both ways', () => {
    expect(judge({ allow: 'owner', agents: { deploy: 'everyone' } })).toEqual({ verdict: 'run' });
    expect(judge({ agents: { deploy: 'owner' } })).toContain('for its owner only');
    expect(judge({ agents: { other: 'owner' } })).toEqual({ verdict: 'run' });
  });

  it('takes no rule from the prototype of an object', () => {
    expect(judge({ allow: 'owner' }, { agent: 'constructor' })).toContain('for its owner only');
  });
});
