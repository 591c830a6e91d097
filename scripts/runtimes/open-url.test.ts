import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openUrl, proxyFor } from './open-url.mjs';

const proxy = 'http://proxy.example:3128';

it.each([
  ['https://a.example/x', { HTTPS_PROXY: proxy }, 'proxy.example:3128'],
  ['https://a.example/x', { https_proxy: 'proxy.example:3128' }, 'proxy.example:3128'],
  ['http://a.example/x', { HTTPS_PROXY: proxy }, undefined],
  ['http://a.example/x', { HTTP_PROXY: proxy }, 'proxy.example:3128'],
  ['https://a.example/x', { HTTPS_PROXY: proxy, NO_PROXY: 'b.example, .example' }, undefined],
  ['https://a.example/x', { HTTPS_PROXY: proxy, NO_PROXY: 'le' }, 'proxy.example:3128'],
  ['https://127.0.0.1/x', { HTTPS_PROXY: proxy }, undefined],
])('%s with %j goes through %s', (url, env, host) => {
  expect(proxyFor(new URL(url), env)?.host).toBe(host);
});

async function startProxy() {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('through the proxy');
  });
  server.on('connect', (request, socket) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, port: (server.address() as AddressInfo).port };
}

it('asks a proxy for what is not encrypted', async () => {
  const { seen, port } = await startProxy();
  const env = { HTTP_PROXY: `http://127.0.0.1:${port}` };
  const answer = await openUrl('http://a.example/x', { timeoutMs: 2_000, env });
  answer.resume();
  expect(seen).toEqual(['GET http://a.example/x']);
});

it('opens a tunnel for what is encrypted and says when the proxy refuses', async () => {
  const { seen, port } = await startProxy();
  const env = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` };
  const refused = openUrl('https://a.example/x', { timeoutMs: 2_000, env });
  await expect(refused).rejects.toThrow(`the proxy 127.0.0.1:${port} answered 403`);
  expect(seen).toEqual([`CONNECT a.example:443 Basic ${Buffer.from('me:secret').toString('base64')}`]);
});
