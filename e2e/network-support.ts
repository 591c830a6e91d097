import { spawnSync } from 'node:child_process';

const NEW_VETH = 'link add name lattice0 type veth peer name lattice1'.split(' ');
const PROBE_MS = 5_000;

/** How a program is put into namespaces of its own: as root directly, otherwise as root of a user namespace. */
export const asRootOfNamespace: readonly string[] =
  process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];

/** Why two networks cannot be made on this machine; undefined when they can. */
export function whyNoNetworks(): string | undefined {
  if (process.platform !== 'linux') return 'they need network namespaces, which only Linux has';
  const tried = spawnSync('unshare', [...asRootOfNamespace, '--net', 'ip', ...NEW_VETH], {
    encoding: 'utf8',
    timeout: PROBE_MS,
  });
  if (tried.status === 0) return undefined;
  return (
    tried.error?.message ?? (tried.stderr.trim().split('\n').at(-1) || `unshare ended with ${tried.status}`)
  );
}
