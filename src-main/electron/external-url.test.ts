import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExternalUrl } from './external-url.ts';

describe('parseExternalUrl', () => {
  it('keeps an https address as it is', () => {
    expect(parseExternalUrl('https://docs.nats.io/a?b=c#d')).toBe('https://docs.nats.io/a?b=c#d');
  });

  it.each([
    'http://example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://host/share',
    'lattice://join',
    'https://',
    'https:// example.com',
    'https://user:secret@example.com',
    'https://user@example.com',
    'java\nscript:alert(1)',
    ' https://example.com',
    'https://example.com/\u0000',
    'HTTPS://exa\u0085mple.com',
    '//example.com',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseExternalUrl(text)).toThrowError(expect.objectContaining({ code: 'unsafe' }));
  });

  it('gives nothing but https with a host, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
        try {
          const url = new URL(parseExternalUrl(text));
          expect(url.protocol).toBe('https:');
          expect(url.host).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'unsafe' });
        }
      }),
    );
  });
});
