import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { findPortHolder, isPortFree, nextFreePort } from './ports.ts';

let server: Server | undefined;
afterEach(async () => {
  await new Promise((closed) => (server?.listening ? server.close(closed) : closed(undefined)));
  server = undefined;
});

async function hold(): Promise<number> {
  server = createServer();
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('a held port is not free, names its holder, and the next one is offered', async () => {
  const port = await hold();
  expect(await isPortFree('127.0.0.1', port)).toBe(false);
  expect(await findPortHolder(port)).toMatchObject({ pid: process.pid });
  const next = await nextFreePort('127.0.0.1', port);
  expect(next).toBeGreaterThan(port);
  expect(await isPortFree('127.0.0.1', next)).toBe(true);
  expect(await findPortHolder(next)).toBeUndefined();
});

test('port 0 is any free port', async () => {
  expect(await nextFreePort('127.0.0.1', 0)).toBeGreaterThan(1_023);
});

test('an address of another machine is refused', async () => {
  await expect(isPortFree('192.0.2.1', 4_222)).rejects.toMatchObject({ code: 'invalid_input' });
});
