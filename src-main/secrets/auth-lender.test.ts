import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuthLender, borrowAuth, lendAuth } from './auth-lender.ts';

const auth = { token: 'the token of the hub', user: 'anna' };
let folder = '';
let lender: AuthLender;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-lend-'));
  lender = await lendAuth(folder, auth);
});
afterEach(async () => {
  await lender[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function say(question: string): Promise<string> {
  const socket = connect(lender.address);
  socket.on('error', () => undefined);
  socket.end(question);
  return text(socket).catch(() => '');
}

describe('a running station', () => {
  it('lends what opens its hub to who can write in its folder, and leaves nothing there', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => borrowAuth(folder, lender.address)));
    expect(answers).toEqual([auth, auth, auth]);
    expect((await readdir(folder)).filter((name) => name.startsWith('ask-'))).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a file that is not there', `ask-${'0'.repeat(32)}`],
    ['another file', 'device.nk'],
    ['a file elsewhere', `ask-../${'0'.repeat(29)}`],
    ['rubbish', '\u0000{"token"'],
    ['far too much', 'x'.repeat(1_000_000)],
  ])('says nothing to who asks with %s', async (_what, question) => {
    await writeFile(join(folder, 'device.nk'), 'seed');
    expect(await say(question)).toBe('');
    expect(existsSync(join(folder, 'device.nk'))).toBe(true);
    expect(await borrowAuth(folder, lender.address)).toEqual(auth);
  });

  it('answers a question once', async () => {
    const question = `ask-${'a'.repeat(32)}`;
    await writeFile(join(folder, question), '');
    expect(await say(question)).toContain(auth.token);
    expect(await say(question)).toBe('');
  });

  it('takes a socket elsewhere when its folder has a long name, and leaves none behind', async () => {
    const deep = join(folder, 'd'.repeat(120));
    await mkdir(deep);
    const other = await lendAuth(deep, auth);
    expect(await borrowAuth(deep, other.address)).toEqual(auth);
    await other[Symbol.asyncDispose]();
    expect(existsSync(other.address)).toBe(false);
    await expect(borrowAuth(deep, other.address)).rejects.toMatchObject({ code: 'not_connected' });
  });

  it('takes the place of a socket that a killed one left', async () => {
    await lender[Symbol.asyncDispose]();
    await writeFile(lender.address, '');
    lender = await lendAuth(folder, auth);
    expect(await borrowAuth(folder, lender.address)).toEqual(auth);
  });
});
