import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLaunchOptions } from './launch-options.ts';

describe('parseLaunchOptions', () => {
  it('finds our options among those of Chromium', () => {
    const argv = ['/usr/bin/electron', '--no-sandbox', '/app', '--host', '--join', 'nats://hub:4222'];
    expect(parseLaunchOptions(argv)).toEqual({ host: true, join: 'nats://hub:4222' });
    expect(parseLaunchOptions(['lattice', '--join=nats://hub:4222'])).toEqual({
      host: false,
      join: 'nats://hub:4222',
    });
    expect(parseLaunchOptions(['lattice', 'lattice://join#token'])).toEqual({
      host: false,
      link: 'lattice://join#token',
    });
  });

  it.each([
    [['lattice', '--join']],
    [['lattice', '--join', '--host-of-others']],
    [['lattice', '--join=']],
    [['lattice', 'lattice://a', 'lattice://b']],
    [['lattice', 'LATTICE:join']],
    [['lattice', 'lattice://a b']],
    [['lattice', `lattice://${'a'.repeat(5_000)}`]],
  ])('passes over what is malformed: %j', (argv) => {
    expect(parseLaunchOptions(argv)).toEqual({ host: false });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.array(fc.string()), (argv) => void parseLaunchOptions(argv)));
  });
});
