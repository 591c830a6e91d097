import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { address as hostAndPort } from './hub/hub-config.ts';
import { isLoopback } from './hub/hub-options.ts';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** A link has to fit into a message and a QR code, and nobody has more networks that a teammate is on. */
const MAX_ADDRESSES = 8;
/** Networks that containers and virtual machines of this machine have among themselves. */
const VIRTUAL =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|lxc|lxd|cni|flannel|cali|podman|bridge1\d\d)/;
/** What a network card gives itself when nobody gave it an address. */
const SELF_GIVEN = /^(169\.254\.|fe[89ab])/i;

/** The address that a hub listens on to be reached by every network of this machine. */
export function everyAddress(interfaces: Interfaces = networkInterfaces()): '::' | '0.0.0.0' {
  // A server on :: answers IPv4 too, but cannot start where the system has no IPv6.
  return all(interfaces).some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

/**
 * Where teammates reach a hub that listens on `host`, as `host:port`: one address of each network, IPv4 first and
 * networks of containers last; empty for a hub on loopback.
 */
export function joinAddresses(
  host: string,
  port: number,
  interfaces: Interfaces = networkInterfaces(),
): string[] {
  if (isLoopback(host)) return [];
  if (host !== '::' && host !== '0.0.0.0') return [hostAndPort(host, port)];
  const usable = all(interfaces)
    .filter(({ internal, address }) => !internal && !SELF_GIVEN.test(address))
    .filter(({ family }) => host === '::' || family === 'IPv4');
  // A card often has several addresses of one IPv6 network, most of which change within a day.
  const networks = usable.map(networkOf);
  return usable
    .filter((found, index) => networks.indexOf(networkOf(found)) === index)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MAX_ADDRESSES)
    .map(({ address }) => hostAndPort(address, port));
}

interface Found {
  card: string;
  address: string;
  family: NetworkInterfaceInfo['family'];
  internal: boolean;
}

function all(interfaces: Interfaces): Found[] {
  return Object.entries(interfaces).flatMap(([card, found]) =>
    (found ?? []).map(({ address, family, internal }) => ({ card, address, family, internal })),
  );
}

function networkOf({ card, address, family }: Found): string {
  if (family === 'IPv4') return address;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [card, ...[...front, ...zeros, ...back].slice(0, 4)].join(' ');
}

function rank({ card, family }: Found): number {
  return (VIRTUAL.test(card) ? 2 : 0) + (family === 'IPv6' ? 1 : 0);
}
