import { describe, expect, it } from 'vitest';
import { expandValues, expandVariables, variablesOf } from './env.ts';

const named = (name: string) => `\${${name}}`;

describe('variables in texts', () => {
  it('are replaced, as often as they are named', () => {
    const text = `${named('A')}-${named('B')}-${named('A')}`;
    expect(variablesOf(text)).toEqual(['A', 'B']);
    expect(expandVariables(text, { A: 'x', B: named('A') })).toBe(`x-${named('A')}-x`);
    expect(expandValues({ KEY: `Bearer ${named('A')}` }, { A: 'x' })).toEqual({ KEY: 'Bearer x' });
  });

  it('are left empty when they are not set, also when an object has such a name', () => {
    expect(expandVariables(`[${named('toString')}${named('GONE')}]`, {})).toBe('[]');
  });

  it('never give what belongs to Lattice', () => {
    expect(
      expandVariables(`[${named('LATTICE_TOKEN')}${named('NATS_URL')}]`, {
        LATTICE_TOKEN: 's',
        NATS_URL: 's',
      }),
    ).toBe('[]');
  });

  it.each(['$HOME', '{agent}', named(''), named('a b'), '${OPEN', '$${'])('leave %s as it is', (text) => {
    expect(variablesOf(text)).toEqual([]);
    expect(expandVariables(text, { HOME: '/root', OPEN: 'x' })).toBe(text);
  });
});
