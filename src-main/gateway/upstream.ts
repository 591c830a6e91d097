import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { CallFailure, failureOf, networkFailure } from './call-failure.ts';

export interface UpstreamRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  signal: AbortSignal;
  /** How long the headers of the answer may take, in ms. */
  headersMs: number;
}

const MOST_ERROR_BYTES = 65_536;

/** Connections to providers, kept open between calls. Redirects are not followed. */
export class UpstreamPool implements Disposable {
  readonly #http = new HttpAgent({ keepAlive: true, maxFreeSockets: 64 });
  readonly #https = new HttpsAgent({ keepAlive: true, maxFreeSockets: 64 });

  /** Sends a request and gives the answer once its headers say 200. @throws CallFailure, or the reason of the signal. */
  async open(options: UpstreamRequest): Promise<IncomingMessage> {
    const answer = await this.#send(options, true);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const body = await readUpTo(answer, MOST_ERROR_BYTES);
    throw failureOf(status, answer.headers, body, Date.now());
  }

  #send(options: UpstreamRequest, mayRepeat: boolean): Promise<IncomingMessage> {
    const { url, headers, body, signal, headersMs } = options;
    return new Promise((resolve, reject) => {
      const secure = url.startsWith('https:');
      const send = secure ? httpsRequest : httpRequest;
      const request = send(url, {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        headers: { ...headers, 'content-length': body.length },
        signal,
      });
      const timer = setTimeout(() => {
        const seconds = Math.round(headersMs / 1_000);
        request.destroy(new CallFailure(`did not answer in ${seconds} s`, { kind: 'down' }));
      }, headersMs);
      request.once('response', (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      request.once('error', (error) => {
        clearTimeout(timer);
        if (signal.aborted) return reject(signal.reason);
        // A provider may close a kept connection in the moment it is used again.
        const stale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        if (stale && mayRepeat) return resolve(this.#send(options, false));
        reject(error instanceof CallFailure ? error : networkFailure(error));
      });
      request.end(body);
    });
  }

  [Symbol.dispose](): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** Reads a body up to a size and leaves the rest. */
async function readUpTo(source: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // What came until the connection broke is all there is to say about the error.
  }
  return Buffer.concat(chunks).subarray(0, limit);
}
