import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a path answers: a body, a status, a place to go on to, half of a body, or nothing at all for `silence`. */
export type Answer = Buffer | number | { location: string } | { half: Buffer } | 'silence';

export interface FileServer {
  url: string;
  /** The paths that were asked for, in order. */
  asked: string[];
}

/** Serves answers by path on a free loopback port until the test ends; unknown paths are 404. */
export async function serveFiles(
  answers: (path: string, url: string) => Answer | undefined,
): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const answer = answers(path, url) ?? 404;
    if (answer === 'silence') return;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else if (Buffer.isBuffer(answer))
      response.writeHead(200, { 'content-length': answer.length }).end(answer);
    else if ('location' in answer) response.writeHead(302, answer).end();
    else {
      response.writeHead(200, { 'content-length': answer.half.length });
      response.write(answer.half.subarray(0, answer.half.length / 2));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url, asked };
}
