import { describe, expect, it } from 'vitest';
import { matches, scopeOf } from './palette.tsx';

describe('the palette', () => {
  it('narrows by a prefix', () => {
    expect(scopeOf('k8s')).toEqual({ scope: 'all', text: 'k8s' });
    expect(scopeOf('> theme')).toEqual({ scope: 'commands', text: 'theme' });
    expect(scopeOf('@')).toEqual({ scope: 'agents', text: '' });
    expect(scopeOf('#LAT-42')).toEqual({ scope: 'work', text: 'LAT-42' });
    expect(scopeOf('')).toEqual({ scope: 'all', text: '' });
  });

  it('matches every word anywhere, in any order', () => {
    const entry = { title: 'Run k8s-admin', meta: '3 stations', words: 'Plans cluster changes' };
    expect(matches(entry, 'admin run')).toBe(true);
    expect(matches(entry, 'CLUSTER')).toBe(true);
    expect(matches(entry, '')).toBe(true);
    expect(matches(entry, 'run coder')).toBe(false);
  });
});
