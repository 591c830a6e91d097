const LISTEN = '0A';
const ESTABLISHED = '01';

/** One line of the kernel's table of TCP sockets. */
export interface TcpSocket {
  state: 'listens' | 'connected' | 'other';
  /** In hexadecimal as the kernel writes it, but in the order of the wire. */
  address: string;
  port: number;
  peerPort: number;
  /** Whether only this machine can reach it. */
  loopback: boolean;
}

/** Reads `/proc/…/net/tcp` or `tcp6`. */
export function readTcpTable(table: string): TcpSocket[] {
  return table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, local = '', peer = '', state] = line.trim().split(/\s+/);
      const [words = '', port = ''] = local.split(':');
      const address = inOrderOfWire(words);
      return {
        state: state === LISTEN ? 'listens' : state === ESTABLISHED ? 'connected' : 'other',
        address,
        port: Number.parseInt(port, 16),
        peerPort: Number.parseInt(peer.split(':')[1] ?? '', 16),
        loopback: /^(7f.{6}|0{31}1|0{20}ffff7f.{6})$/.test(address),
      };
    });
}

/** The kernel writes an address as words of four bytes, each backwards on the machines we run on. */
function inOrderOfWire(words: string): string {
  return words.toLowerCase().replace(/(..)(..)(..)(..)/g, '$4$3$2$1');
}
