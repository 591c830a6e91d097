// Holds a network namespace of a test open, and lets the test in through a Unix socket, which no namespace closes off.
// When the test lets go of stdin, also because it crashed, everything that runs in the namespace ends, and with it the namespace.
import { readdirSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const lastPort = 65_535;
const dialsAtOnce = 400;
const dialMs = 2_000;

const ownNetwork = readlinkSync('/proc/self/ns/net');

/** @param {string} host @param {number} port @returns {Promise<boolean>} whether somebody listens there */
function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: dialMs });
    /** @param {boolean} open */
    const end = (open) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** @param {string} host */
async function scan(host) {
  /** @type {number[]} */
  const open = [];
  let next = 1;
  const dial = async () => {
    for (let port = next++; port <= lastPort; port = next++) if (await answers(host, port)) open.push(port);
  };
  await Promise.all(Array.from({ length: dialsAtOnce }, dial));
  return open.sort((a, b) => a - b);
}

/** @param {import('node:net').Socket} client @param {string} line @param {Buffer} rest */
async function serve(client, line, rest) {
  const [verb = '', host = '', port = ''] = line.split(' ');
  if (verb === 'scan') {
    client.end(JSON.stringify(await scan(host)));
    return;
  }
  const target = connect({ host, port: Number(port) });
  const end = () => {
    client.destroy();
    target.destroy();
  };
  for (const socket of [client, target]) socket.on('error', end).on('close', end);
  target.write(rest);
  client.pipe(target).pipe(client);
}

/** @param {import('node:net').Socket} client */
function hear(client) {
  let said = Buffer.alloc(0);
  /** @param {Buffer} chunk */
  const onData = (chunk) => {
    said = Buffer.concat([said, chunk]);
    const at = said.indexOf('\n');
    if (at < 0) return;
    client.off('data', onData);
    void serve(client, said.subarray(0, at).toString(), said.subarray(at + 1));
  };
  client.on('data', onData).on('error', () => client.destroy());
}

function othersInNetwork() {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && networkOf(pid) === ownNetwork);
}

/** @param {number} pid */
function networkOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function closeNetwork() {
  // What a process starts while it is being ended is caught by the next look.
  for (let pids = othersInNetwork(); pids.length > 0; pids = othersInNetwork()) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    }
  }
  process.exit(0);
}

createServer(hear).listen(process.argv[2], () => process.stdout.write('ready\n'));
process.stdin.on('end', closeNetwork).on('error', closeNetwork).resume();
