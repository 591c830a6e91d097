import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LatticeError } from '../../src-shared/errors.ts';
import { type NatsAuth, natsAuthSchema } from '../../src-shared/protocol/auth.ts';
import { processSecrets } from './process-secrets.ts';

/** A question that is longer, or slower, is not one of ours. */
const MAX_QUESTION = 100;
const TIMEOUT_MS = 3_000;
/** Systems take socket paths of about this many bytes. */
const MAX_SOCKET_PATH = 100;
const QUESTION = /^ask-[0-9a-f]{32}$/;

export interface AuthLender extends AsyncDisposable {
  /** Where to ask; a socket, or a named pipe on Windows. */
  address: string;
}

/**
 * Lends what opens our hub to commands of the same person while we run, from memory to memory. Who asks names a file that
 * it has just made in our folder, which only its owner can write.
 */
export async function lendAuth(dir: string, auth: NatsAuth): Promise<AuthLender> {
  const { address, made } = await addressFor(dir);
  await rm(address, { force: true });
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    answer(socket, dir, auth).catch(() => socket.destroy());
  });
  server.listen(address);
  await once(server, 'listening');
  return {
    address,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
      if (made) await rm(made, { recursive: true, force: true });
    },
  };
}

/** Asks a running station of this person for what opens its hub. @throws LatticeError `not_connected` when it does not answer. */
export async function borrowAuth(dir: string, address: string): Promise<NatsAuth> {
  const question = `ask-${randomBytes(16).toString('hex')}`;
  const file = join(dir, question);
  try {
    await writeFile(file, '', { mode: 0o600, flag: 'wx' });
    const socket = connect(address);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('It took too long.')));
    socket.end(question);
    const auth = natsAuthSchema.parse(JSON.parse(await text(socket)));
    processSecrets.addAll([auth.nkeySeed, auth.token, auth.password]);
    return auth;
  } catch (error) {
    throw new LatticeError(
      'not_connected',
      'The station of this machine does not say how to reach its hub.',
      {
        hint: 'It may be stopping. Try again, or start it again.',
        cause: error,
      },
    );
  } finally {
    await rm(file, { force: true });
  }
}

async function answer(socket: Socket, dir: string, auth: NatsAuth): Promise<void> {
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  let question = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    question += String(chunk);
    if (question.length > MAX_QUESTION) break;
  }
  // Removing the file is the proof, so that no question is answered twice.
  if (!QUESTION.test(question)) throw new Error('This is no question of ours.');
  await rm(join(dir, question));
  socket.end(JSON.stringify(auth));
}

async function addressFor(dir: string): Promise<{ address: string; made?: string }> {
  if (process.platform === 'win32')
    return { address: `\\\\.\\pipe\\lattice-${randomBytes(16).toString('hex')}` };
  const own = join(dir, 'station.sock');
  if (Buffer.byteLength(own) <= MAX_SOCKET_PATH) return { address: own };
  const made = await mkdtemp(join(tmpdir(), 'lattice-'));
  return { address: join(made, 's'), made };
}
