import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { errorBody, type ProviderFormat, streamedAnswer, wholeAnswer } from './model-provider-formats.ts';

/** What the provider answers. Without anything it is an empty answer of 10 tokens in and 5 out. */
export interface ScriptedReply {
  /** The answer, in the pieces it is streamed in. */
  text?: string | readonly string[];
  /** Thinking, streamed before the answer. */
  thought?: string;
  /** Calls of tools; the name is streamed first, then the arguments in pieces (in two halves where none are given). */
  toolCalls?: readonly {
    name: string;
    arguments: object | string;
    id?: string;
    pieces?: string[];
  }[];
  stop?: 'end' | 'length' | 'tool';
  /** Tokens it reports; false reports none. */
  usage?: { input?: number; output?: number; cacheRead?: number } | false;
  /** An error instead of an answer. */
  status?: number;
  message?: string;
  /** The `Retry-After` header, seconds or a date. */
  retryAfter?: string | number;
  headers?: Record<string, string>;
  /** Time before the headers, in ms. */
  delayMs?: number;
  /** Time before each piece of a streamed answer, in ms. */
  pieceMs?: number;
  /** Waits before each piece of a streamed answer: a test holds a stream open with it. */
  gate?: (piece: number) => Promise<void>;
  /** Cuts the connection after this many pieces of a streamed answer. */
  breakAfter?: number;
  /** Answers by hand instead, for what no provider should ever send. */
  raw?: (response: ServerResponse, request: ProviderRequest) => void | Promise<void>;
}

/** A request as the provider got it. */
export interface ProviderRequest {
  format: ProviderFormat;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  raw: string;
  body: Record<string, unknown>;
  model: string;
  stream: boolean;
  /** Resolves when the client is gone before the answer was whole. */
  aborted: Promise<void>;
}

/** A model provider on loopback that speaks chat completions, responses and messages, streamed and whole. */
export interface ModelProvider extends AsyncDisposable {
  /** Base URL of the OpenAI formats, ends with `/v1`. */
  openaiUrl: string;
  /** Base URL of the Anthropic format. */
  anthropicUrl: string;
  /** Every request so far, the oldest first. */
  requests: ProviderRequest[];
  /** Changes what is answered from now on. */
  script: (request: ProviderRequest, index: number) => ScriptedReply | Promise<ScriptedReply>;
  /** Connections that are open now. */
  connections(): Promise<number>;
}

/** Starts a provider on a free port; `script` says what each request gets, by its content or its number from 0. */
export async function startModelProvider(
  script: ModelProvider['script'] = () => ({ text: 'hello' }),
): Promise<ModelProvider> {
  const requests: ProviderRequest[] = [];
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const format = formatOf(incoming.url ?? '');
    if (format === undefined || incoming.method !== 'POST') {
      incoming.resume();
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `There is no ${incoming.url}.` } }));
      return;
    }
    const request = await readRequest(format, incoming, response);
    requests.push(request);
    await play(request, response, await provider.script(request, requests.length - 1));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The provider has no port.');
  const url = `http://127.0.0.1:${address.port}`;
  const provider: ModelProvider = {
    openaiUrl: `${url}/v1`,
    anthropicUrl: url,
    requests,
    script,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
}

async function play(request: ProviderRequest, response: ServerResponse, reply: ScriptedReply): Promise<void> {
  if (reply.delayMs !== undefined) await pause(reply.delayMs);
  if (reply.raw !== undefined) return reply.raw(response, request);
  const { format, model } = request;
  const retry = reply.retryAfter === undefined ? {} : { 'retry-after': String(reply.retryAfter) };
  const json = { 'content-type': 'application/json', ...retry, ...reply.headers };
  if (reply.status !== undefined) {
    response.writeHead(reply.status, json);
    response.end(JSON.stringify(errorBody(format, reply.status, reply.message ?? `status ${reply.status}`)));
    return;
  }
  if (!request.stream) {
    response.writeHead(200, json);
    response.end(JSON.stringify(wholeAnswer(format, model, reply)));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...reply.headers });
  let pieces = 0;
  for (const event of streamedAnswer(format, model, reply)) {
    if (event.piece) {
      if (pieces === reply.breakAfter) {
        response.socket?.destroySoon();
        return;
      }
      if (reply.pieceMs !== undefined) await pause(reply.pieceMs);
      await reply.gate?.(pieces);
      pieces++;
    }
    if (response.destroyed) return;
    if (!response.write(event.text)) await Promise.race([once(response, 'drain'), request.aborted]);
  }
  response.end();
}

async function readRequest(
  format: ProviderFormat,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<ProviderRequest> {
  const aborted = new Promise<void>((resolve) => {
    response.once('close', () => {
      if (!response.writableFinished) resolve();
    });
  });
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString('utf8');
  const body: Record<string, unknown> = JSON.parse(raw);
  return {
    format,
    path: incoming.url ?? '',
    headers: incoming.headers,
    raw,
    body,
    model: String(body.model),
    stream: body.stream === true,
    aborted,
  };
}

function formatOf(url: string): ProviderFormat | undefined {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  if (pathname.endsWith('/chat/completions')) return 'chat';
  if (pathname.endsWith('/responses')) return 'responses';
  return pathname.endsWith('/messages') ? 'messages' : undefined;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
