import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../../../src-shared/views/board.ts';
import {
  acceptor,
  type CardFilter,
  FLAGS,
  filterText,
  narrows,
  parseFilter,
  TERMS,
  toggled,
  withTerm,
} from './card-filter.ts';
import { testCard } from './testing.ts';

const ann = { key: 'human:ann', name: 'ann', kind: 'person' } as const;
const facts = {
  me: 'human:ann',
  isLive: (card: Card) => card.work_id !== undefined,
  found: new Set<string>(),
};
const passes = (text: string, card: Card, more = {}) =>
  acceptor(parseFilter(text), { ...facts, ...more })(card);

describe('a filter of cards', () => {
  it('reads terms, flags and words, and leaves what it does not know to the words', () => {
    expect(parseFilter('type:bug assignee:"human:ann b" is:live color:red  safari ')).toEqual({
      terms: { type: 'bug', assignee: 'human:ann b' },
      flags: ['live'],
      words: 'color:red  safari ',
    });
    expect(parseFilter('is:purple x')).toEqual({ terms: {}, flags: [], words: 'x' });
  });

  it('is read again from its own text, whatever the words', () => {
    const value = fc.stringMatching(/^[^"\s][^"\n]{0,12}$/).map((text) => text.trim());
    const filters = fc.record({
      terms: fc.dictionary(
        fc.constantFrom(...TERMS),
        value.filter((text) => text !== ''),
        {
          noNullPrototype: true,
        },
      ),
      flags: fc.uniqueArray(fc.constantFrom(...FLAGS)),
      words: fc
        .string()
        .filter((words) => !/^\s*(is|assignee|type|priority|tag|status):/.test(words) && !/^\s/.test(words)),
    });
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseFilter(filterText(filter as CardFilter))).toEqual(filter);
      }),
    );
  });

  it('wants everything it names', () => {
    const card = testCard({ title: 'Fix login', type: 'bug', assignee: ann, tags: ['web'], work_id: 'w1' });
    expect(passes('type:bug tag:web is:mine is:live login', card)).toBe(true);
    for (const wrong of ['type:task ', 'tag:api ', 'is:unassigned ', 'is:blocked ', 'logout', 'status:done '])
      expect(passes(wrong, card), wrong).toBe(false);
  });

  it('keeps archived cards away until they are asked for', () => {
    const card = testCard({ archived: true });
    expect([passes('', card), passes('is:archived ', card)]).toEqual([false, true]);
  });

  it('also takes what the board found in plans and comments', () => {
    const card = testCard({ id: 'task_1', title: 'Fix login' });
    expect(passes('safari', card)).toBe(false);
    expect(passes('safari', card, { found: new Set(['task_1']) })).toBe(true);
    expect(passes('type:bug safari', card, { found: new Set(['task_1']) })).toBe(false);
  });

  it('changes one term or flag at a time', () => {
    const none = parseFilter('');
    expect(narrows(none)).toBe(false);
    const bugs = toggled(withTerm(none, 'type', 'bug'), 'live');
    expect(filterText(bugs)).toBe('type:bug is:live ');
    expect(filterText(toggled(withTerm(bugs, 'type', undefined), 'live'))).toBe('');
    expect(narrows(bugs)).toBe(true);
  });
});
