import { describe, expect, it } from 'vitest';
import { mergeLayers } from './merge.ts';

describe('mergeLayers', () => {
  it('merges maps at any depth and replaces lists', () => {
    const base = { agents: { a: { path: 'a.md', triggers: ['/a', '/b'] }, b: { path: 'b.md' } } };
    const over = { agents: { a: { triggers: ['/x'] }, c: { path: 'c.md' } } };
    expect(mergeLayers(base, over)).toEqual({
      agents: { a: { path: 'a.md', triggers: ['/x'] }, b: { path: 'b.md' }, c: { path: 'c.md' } },
    });
    expect(base.agents.a.triggers).toEqual(['/a', '/b']);
  });

  it('keeps what is below an empty section', () => {
    expect(mergeLayers({ agents: { a: 1 } }, { agents: null })).toEqual({ agents: { a: 1 } });
    expect(mergeLayers({ a: 1 }, null)).toEqual({ a: 1 });
  });

  it('lets another kind of value win', () => {
    expect(mergeLayers({ routing: ['a/b'] }, { routing: { strategy: 'fallback' } })).toEqual({
      routing: { strategy: 'fallback' },
    });
  });
});
