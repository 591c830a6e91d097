import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress } from './address.ts';

describe('the address of a hub', () => {
  it.each([
    'nats://10.20.0.14:4222',
    'tls://hub.example.org',
    ' nats://key@forge:4222\n',
    'nats://[::1]:4222',
  ])('takes %j', (text) => {
    expect(readAddress(text)).toEqual({ ok: true, url: text.trim() });
  });

  it('takes several, and names the one that is wrong', () => {
    expect(readAddress('nats://a, tls://b:4333')).toEqual({ ok: true, url: 'nats://a,tls://b:4333' });
    expect(readAddress('nats://a,https://b')).toMatchObject({
      ok: false,
      error: expect.stringContaining('Address 2 of 2: A hub is not reached over https://'),
    });
    expect(readAddress('nats://a,')).toMatchObject({ ok: false });
  });

  it('suggests the whole address for a bare host', () => {
    expect(readAddress('10.20.0.14:4222')).toMatchObject({ ok: false, suggestion: 'nats://10.20.0.14:4222' });
    expect(readAddress('forge')).toMatchObject({ ok: false, suggestion: 'nats://forge' });
  });

  it.each([
    ['', 'first'],
    ['   ', 'first'],
    ['lattice://join#eyJ1cmwiOiJ', 'lattice://'],
    ['https://hub.example.org', 'https://'],
    ['ws://hub.example.org', 'ws://'],
    ['nats://', 'machine'],
    ['nats://forge:999999', 'no address'],
    ['not an address', 'no address'],
  ])('refuses %j and says what fits', (text, part) => {
    const address = readAddress(text);
    expect(address.ok).toBe(false);
    expect(address.ok ? '' : address.error).toContain(part);
  });

  it('never throws and lets only hubs through', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
        const address = readAddress(text);
        if (address.ok) expect(address.url).toMatch(/^(nats|tls):\/\//i);
      }),
    );
  });
});
