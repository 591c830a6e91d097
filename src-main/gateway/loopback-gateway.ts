import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Disposables } from '../../src-shared/disposables.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { ModelCall } from '../../src-shared/protocol/activity.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { readClientRequest } from './client-request.ts';
import { estimateInput } from './estimate.ts';
import { Exchange } from './exchange.ts';
import type { GatewayOptions } from './gateway-options.ts';
import type { GatewayAccess, GatewayGrant, GatewayRun, ModelGateway } from './model-gateway.ts';
import { foreignReason, holderOf, keyDigest, presentedKey } from './request-guard.ts';
import { sendRefusal } from './send-refusal.ts';
import { UpstreamPool } from './upstream.ts';
import { agentFor, modelList, virtualModel } from './virtual-models.ts';
import type { WireFormat } from './wire-format.ts';

/** Who holds a key. */
interface Holder {
  readonly digest: Buffer;
  /** Absent for a key that is good for every agent. */
  readonly agent?: string;
  readonly workId?: string;
  readonly signal?: AbortSignal;
  readonly calls: Map<AbortController, Promise<void>>;
  readonly settling: Set<Promise<unknown>>;
  onCall(call: ModelCall, agent: string): void;
}

const PATHS: Readonly<Record<string, WireFormat>> = {
  '/v1/chat/completions': 'chat',
  '/v1/responses': 'responses',
  '/v1/messages': 'messages',
};
const COUNT_PATH = '/v1/messages/count_tokens';

/** The gateway on loopback. It listens from the first grant on and knows keys only by their digests. */
export class LoopbackGateway implements ModelGateway, AsyncDisposable {
  readonly #options: GatewayOptions;
  readonly #holders = new Set<Holder>();
  readonly #pool = new UpstreamPool();
  readonly #owned = new Disposables();
  readonly #startedAt = new Date();
  #listening: Promise<string> | undefined;
  #server: Server | undefined;
  #disposed = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#owned.use(this.#pool);
    const { router, onBudgetExceeded } = options;
    if (onBudgetExceeded !== undefined) this.#owned.use(router.budgetExceeded.on(onBudgetExceeded));
  }

  async grant(run: GatewayRun): Promise<GatewayGrant> {
    const { agent, workId, signal, onCall } = run;
    if (!this.#agents().includes(agent)) {
      throw new LatticeError('not_found', `No agent ${agent} with routing is in lattice.yaml.`, {
        hint: 'Give it routing: or set defaults.routing.',
      });
    }
    const opened = await this.#open({ agent, workId, signal, onCall: (call) => onCall.call(run, call) });
    return { ...opened, model: virtualModel(agent) };
  }

  /**
   * A key for every agent, for tools that a person points at the gateway.
   * @throws LatticeError `io_failed` or `port_taken` when the gateway cannot listen.
   */
  open(onCall: (call: ModelCall, agent: string) => void): Promise<GatewayAccess> {
    return this.#open({ onCall });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#holders].map((holder) => this.#close(holder)));
    await this.#listening?.catch(() => undefined);
    const server = this.#server;
    if (server?.listening) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
    await this.#owned[Symbol.asyncDispose]();
  }

  #agents(): string[] {
    return this.#options.config().routing.agents.map((agent) => agent.name);
  }

  async #open(
    owner: Pick<Holder, 'onCall'> & {
      agent?: string;
      workId?: string;
      signal?: AbortSignal;
    },
  ): Promise<GatewayAccess> {
    if (this.#disposed) throw new LatticeError('io_failed', 'The gateway has ended.');
    this.#listening ??= this.#listen();
    const url = await this.#listening;
    const key = `lattice-${randomBytes(32).toString('base64url')}`;
    processSecrets.add(key);
    const holder: Holder = { ...owner, digest: keyDigest(key), calls: new Map(), settling: new Set() };
    this.#holders.add(holder);
    const cancel = () => abortAll(holder);
    owner.signal?.addEventListener('abort', cancel, { once: true });
    return {
      key,
      openaiUrl: `${url}/v1`,
      anthropicUrl: url,
      [Symbol.asyncDispose]: async () => {
        owner.signal?.removeEventListener('abort', cancel);
        await this.#close(holder);
      },
    };
  }

  async #close(holder: Holder): Promise<void> {
    this.#holders.delete(holder);
    abortAll(holder);
    await Promise.all(holder.calls.values());
  }

  async #listen(): Promise<string> {
    const { port = 0 } = this.#options;
    const server = createServer({ headersTimeout: 15_000, requestTimeout: 120_000 }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.#options.onProblem(LatticeError.from(error));
        response.destroy();
      });
    });
    this.#server = server;
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (cause) {
      this.#listening = undefined;
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      throw taken
        ? new LatticeError('port_taken', `Port ${port} is used by another program.`, {
            hint: 'Choose another one with --port, or leave it out for any free one.',
            cause,
          })
        : new LatticeError('io_failed', 'The gateway cannot listen on loopback.', { cause });
    }
    const address = server.address();
    if (address === null || typeof address === 'string')
      throw new LatticeError('io_failed', 'The gateway has no port.');
    return `http://127.0.0.1:${address.port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const format = PATHS[pathname] ?? (pathname === COUNT_PATH ? 'messages' : 'chat');
    const refuse = (status: number, message: string) => {
      // What is left of a refused body is not read, so the connection cannot be used again.
      response.shouldKeepAlive = false;
      sendRefusal(response, format, { status, message });
    };
    const foreign = foreignReason(request);
    if (foreign !== undefined) return refuse(403, foreign);
    const key = presentedKey(request);
    const holder = key === undefined ? undefined : holderOf(this.#holders, key);
    if (holder === undefined || holder.signal?.aborted)
      return refuse(401, 'This key is not worth anything at this gateway.');
    if (request.method === 'GET' && pathname === '/v1/models') {
      const agents = holder.agent === undefined ? this.#agents() : [holder.agent];
      return sendJson(response, modelList(agents, this.#startedAt));
    }
    const known = Object.hasOwn(PATHS, pathname) || pathname === COUNT_PATH;
    if (!known) return refuse(404, `The gateway has no ${pathname}.`);
    if (request.method !== 'POST') return refuse(405, `${pathname} takes POST.`);
    try {
      const read = await readClientRequest(format, request, search);
      if (pathname === COUNT_PATH) return sendJson(response, { input_tokens: estimateInput(read.body) });
      const agent = agentFor(read.model, this.#agents(), holder.agent);
      await this.#exchange(holder, agent, request, response, read);
    } catch (error) {
      const { code, message, hint } = LatticeError.from(error);
      const status = { too_large: 413, not_found: 404, auth_failed: 403, invalid_input: 400 }[String(code)];
      if (request.destroyed && !request.complete) return;
      refuse(status ?? 500, hint === undefined ? message : `${message} ${hint}`);
    }
  }

  async #exchange(
    holder: Holder,
    agent: string,
    incoming: IncomingMessage,
    client: ServerResponse,
    request: Awaited<ReturnType<typeof readClientRequest>>,
  ): Promise<void> {
    const ending = new AbortController();
    const { workId } = holder;
    const exchange = new Exchange({
      gateway: this.#options,
      pool: this.#pool,
      caller: {
        agent,
        workId,
        session: workId ?? sessionOf(incoming),
        // Tools that share a key are no sequence of calls, so none waits for another.
        settling: holder.agent === undefined ? new Set() : holder.settling,
        onCall: (call) => holder.onCall(call, agent),
      },
      request,
      client,
      signal: ending.signal,
    });
    client.once('close', () => {
      if (!client.writableFinished) ending.abort(new LatticeError('cancelled', 'The client is gone.'));
    });
    if (client.destroyed) return;
    const running = exchange.run().finally(() => holder.calls.delete(ending));
    holder.calls.set(ending, running);
    await running;
  }
}

function abortAll(holder: Holder): void {
  for (const call of holder.calls.keys()) call.abort(new LatticeError('cancelled', 'The run has ended.'));
}

/** The session that a tool says a call belongs to. */
function sessionOf(request: IncomingMessage): string | undefined {
  for (const name of ['x-session-id', 'x-session-affinity', 'session_id', 'session-id']) {
    const value = request.headers[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 256);
  }
  return undefined;
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
