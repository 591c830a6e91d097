import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readJoinLink, writeJoinLink } from '../src-shared/join-link.ts';
import { everyAddress, joinAddresses } from './join-addresses.ts';

const info = (address: string, internal = false) => {
  const mac = '00:00:00:00:00:00';
  return address.includes(':')
    ? ({ address, family: 'IPv6', internal, mac, netmask: 'ffff::', cidr: null, scopeid: 0 } as const)
    : ({ address, family: 'IPv4', internal, mac, netmask: '255.255.255.0', cidr: null } as const);
};

const asSystemSays = (address: string) => new URL(`tls://[${address}]`).hostname.slice(1, -1);

const loopback = { lo: [info('127.0.0.1', true), info('::1', true)] };
const laptop = {
  ...loopback,
  docker0: [info('172.17.0.1'), info('fd00:d0c::1')],
  wlan0: [
    info('192.168.1.20'),
    info('2001:db8:1:2::20'),
    info('2001:db8:1:2:aaaa:bbbb:cccc:dddd'),
    info('fd12:3456:789a::20'),
    info('fe80::1'),
  ],
  usb0: [info('169.254.7.7')],
  tailscale0: [info('100.100.1.2')],
};

it('names one address of each network, those that teammates are on first', () => {
  expect(joinAddresses('::', 4222, laptop)).toEqual([
    '192.168.1.20:4222',
    '100.100.1.2:4222',
    '[2001:db8:1:2::20]:4222',
    '[fd12:3456:789a::20]:4222',
    '172.17.0.1:4222',
    '[fd00:d0c::1]:4222',
  ]);
});

it('names only what the hub listens on', () => {
  expect(joinAddresses('0.0.0.0', 4222, laptop)).toEqual([
    '192.168.1.20:4222',
    '100.100.1.2:4222',
    '172.17.0.1:4222',
  ]);
  expect(joinAddresses('192.168.1.20', 4222, laptop)).toEqual(['192.168.1.20:4222']);
  expect(joinAddresses('2001:db8:1:2::20', 4222, laptop)).toEqual(['[2001:db8:1:2::20]:4222']);
  expect(joinAddresses('atlas.example', 4222, laptop)).toEqual(['atlas.example:4222']);
  expect(joinAddresses('127.0.0.1', 4222, laptop)).toEqual([]);
  expect(joinAddresses('::', 4222, loopback)).toEqual([]);
});

it('listens on IPv6 only where the system has it', () => {
  expect(everyAddress(laptop)).toBe('::');
  expect(everyAddress({ lo: [info('127.0.0.1', true)], eth0: [info('10.0.0.7')] })).toBe('0.0.0.0');
});

it('names addresses that fit into a link, however many a machine has', () => {
  const link = {
    lattice: 'Forge',
    org: 'team',
    invitation: 'i',
    pin: 'p'.repeat(43),
    code: 'c'.repeat(27),
    role: 'station',
    expires: '2026-11-21T09:00:00.000Z',
  } as const;
  const addresses = fc.array(fc.oneof(fc.ipV4(), fc.ipV6().map(asSystemSays)), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.dictionary(fc.string(), addresses, { maxKeys: 5 }), (cards) => {
      const interfaces = Object.fromEntries(
        Object.entries(cards).map(([name, found]) => [name, found.map((address) => info(address))]),
      );
      const hosts = joinAddresses('::', 4222, interfaces);
      fc.pre(hosts.length > 0);
      expect(readJoinLink(writeJoinLink({ ...link, hosts })).hosts).toEqual(hosts);
    }),
  );
});
