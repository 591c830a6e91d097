import { describe, expect, it } from 'vitest';
import type { WorkView } from '../../../src-shared/views/work.ts';
import { asksAgain } from './escalation.ts';
import { initialsOf, metaOf, priorityWord, progressWords, stateOf } from './words.ts';

const NOW = Date.parse('2026-11-21T14:00:00.000Z');
const work = (more: Partial<WorkView>): WorkView => ({
  id: 'w',
  task: 'Count',
  agent: 'counter',
  status: 'assigned',
  priority: 3,
  attempt: 0,
  attempts_allowed: 3,
  run_id: 'w',
  requested_by: 'ann',
  created_at: '',
  queued_at: '',
  updated_at: '',
  revision: 1,
  ...more,
});
const waits = (kind: 'question' | 'attempts_used' | 'verdict') => ({
  kind,
  text: '',
  severity: 'medium' as const,
  since: '',
  raised_at: '',
  raised: 1,
  acknowledged: false,
});
const names = (id: string) => ({ s1: 'forge' })[id] ?? id;

describe('how a work stands', () => {
  it.each([
    ['Queued', {}],
    ['Unplaceable', { unplaceable: 'No station offers it.' }],
    ['Running', { status: 'accepted' }],
    ['Asks you', { status: 'escalated', waits: waits('question') }],
    ['Stopped', { status: 'escalated', waits: waits('attempts_used') }],
    ['Stopped', { status: 'escalated', waits: waits('verdict') }],
    ['Cancelling', { status: 'accepted', cancelling: true }],
    ['Completed', { status: 'completed' }],
    ['Failed', { status: 'failed' }],
    ['Cancelled', { status: 'cancelled' }],
    ['Expired', { status: 'expired' }],
  ] as const)('is said as %s', (word, more) => {
    expect(stateOf(work(more)).word).toBe(word);
  });

  it('is late when its station is, but only while it runs', () => {
    expect(stateOf(work({ status: 'accepted' }), true)).toMatchObject({
      status: 'running',
      word: 'Late',
      tone: 'late',
    });
    expect(stateOf(work({}), true).word).toBe('Queued');
  });
});

describe('the line under a title', () => {
  it.each([
    ['counter, waits for a free slot', {}],
    ['counter, waits for forge', { asked_station: 's1' }],
    ['counter, waits for s9', { queue_station: 's9' }],
    ['counter, no station can take it', { unplaceable: 'x' }],
    ['counter on forge', { status: 'accepted', station_name: 'forge' }],
    ['counter, 3 attempts', { status: 'escalated', attempt: 3, waits: waits('attempts_used') }],
    ['counter on forge', { status: 'escalated', station_name: 'forge', waits: waits('question') }],
    ['any agent for k8s, waits for a free slot', { agent: undefined, capability: 'k8s' }],
  ] as const)('says %s', (words, more) => {
    expect(metaOf(work(more), names, NOW)).toBe(words);
  });

  it('names the time a delayed work waits for, until it is over', () => {
    const later = work({ not_before: new Date(NOW + 5_000).toISOString() });
    expect(metaOf(later, names, NOW)).toMatch(/^counter, waits until \d\d:\d\d:05$/);
    expect(metaOf(later, names, NOW + 5_000)).toBe('counter, waits for a free slot');
  });
});

describe('words', () => {
  it('says progress by what it knows', () => {
    expect(progressWords({ step: 2, of: 3, message: 'Restart' })).toBe('Step 2 of 3, Restart');
    expect(progressWords({ step: 2 })).toBe('Step 2');
    expect(progressWords({ percent: 4 })).toBe('');
  });

  it('makes initials of any name', () => {
    expect(['Ann', 'Ann Lee', 'mira@macbook', '', '李雷'].map(initialsOf)).toEqual([
      'AN',
      'AL',
      'MM',
      '',
      '李雷',
    ]);
  });

  it('has a word for each level, and a number for a level it does not know', () => {
    expect([1, 3, 5, 9].map(priorityWord)).toEqual(['Critical', 'Normal', 'Lowest', 'Priority 9']);
  });

  it('says when an escalation comes back, and nothing when it does not', () => {
    const raised = { raised: 1, raised_at: new Date(NOW).toISOString() };
    expect(asksAgain(raised, NOW + 41_000)).toBe('4 h');
    expect(asksAgain(raised, NOW + 3.5 * 3_600_000)).toBe('30 min');
    expect(asksAgain(raised, NOW + 5 * 3_600_000)).toBeUndefined();
    expect(asksAgain({ ...raised, raised: 3 }, NOW)).toBeUndefined();
    expect(asksAgain({ ...raised, acknowledged: { by: 'ann', at: '' } }, NOW)).toBeUndefined();
  });
});
