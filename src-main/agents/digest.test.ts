import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestOf, portableArgument } from './digest.ts';

it('does not depend on the order of keys, at any depth', () => {
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, item]) => [key, reversed(item)]),
          )
        : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(digestOf(reversed(value))).toBe(digestOf(value));
    }),
  );
});

it('differs when a value differs', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: true }), fc.jsonValue({ noUnicodeString: true }), (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      expect(digestOf({ v: a, w: 1 }) === digestOf({ v: b, w: 1 })).toBe(digestOf(a) === digestOf(b));
    }),
  );
  expect(digestOf(['a', 'b'])).not.toBe(digestOf(['b', 'a']));
  expect(digestOf({ a: undefined, b: 1 })).toBe(digestOf({ b: 1 }));
});

it('writes paths as every machine would', () => {
  expect(portableArgument('/home/me/p', '/home/me/p/agents/x.mjs')).toBe('./agents/x.mjs');
  expect(portableArgument('/home/me/p', '/usr/bin/node')).toBe('node');
  expect(portableArgument('/home/me/p', './agents/x.mjs')).toBe('./agents/x.mjs');
  expect(portableArgument('/home/me/p', '--flag')).toBe('--flag');
});
