import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { eachServer, parseServerUrl } from './server-url.ts';

function refusalOf(text: string): string {
  try {
    parseServerUrl(text);
  } catch (error) {
    return LatticeError.from(error).message;
  }
  throw new Error(`${text} was taken`);
}

describe('a list of hubs', () => {
  it('keeps every server, IPv6 and the ports', () => {
    const address = parseServerUrl('nats://a:4222, tls://[::1]:4333,b');
    expect(address.servers).toEqual(['a:4222', '[::1]:4333', 'b:4222']);
    expect(address.hosts).toEqual([
      { host: 'a', port: 4222 },
      { host: '::1', port: 4333 },
      { host: 'b', port: 4222 },
    ]);
    expect(address.tls).toBe(true);
    expect(eachServer(address).map(({ servers, tls }) => [servers, tls])).toEqual([
      [['a:4222'], true],
      [['[::1]:4333'], true],
      [['b:4222'], true],
    ]);
  });

  it.each([
    ['nats://a:4222,http://b', 'Address 2 of 2 starts with http://.'],
    ['nats://a:4222,,b', 'Address 2 of 3 is empty.'],
    ['a,b,c:99999', 'Address 3 of 3 cannot be read.'],
    ['a,b/path', 'Address 2 of 2 goes on after the port.'],
    ['a:0', 'The address of the hub has port 0.'],
    ['', 'The address of the hub is empty.'],
    [
      'wss://hub.example.org',
      'The address of the hub starts with wss://, and a hub is not reached over a WebSocket.',
    ],
    [
      'nats://one@a,nats://two@b',
      'The list of hubs has more than one secret; one connection can only use one.',
    ],
    [Array.from({ length: 101 }, () => 'a').join(','), 'The list of hubs has more than 100 addresses.'],
  ])('refuses %s and names the part', (text, message) => {
    expect(refusalOf(text)).toBe(message);
  });

  it('takes one secret for all', () => {
    expect(parseServerUrl('nats://ann:pw@a,nats://b').auth).toEqual({ user: 'ann', password: 'pw' });
    expect(parseServerUrl('nats://t@a,nats://t@b').shown).toBe('nats://a:4222,nats://b:4222');
  });

  it('never repeats a secret, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = `${before}nats://s3cr3t-w0rd@${after}`;
        try {
          expect(parseServerUrl(text).shown.includes('s3cr3t')).toBe(after.includes('s3cr3t'));
        } catch (error) {
          const failure = LatticeError.from(error);
          expect(failure.code).toBe('invalid_input');
          expect(failure.message + failure.hint).not.toContain('s3cr3t');
        }
      }),
    );
  });
});
