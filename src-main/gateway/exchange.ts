import type { IncomingMessage, ServerResponse } from 'node:http';
import { LatticeError } from '../../src-shared/errors.ts';
import type { ModelCall } from '../../src-shared/protocol/activity.ts';
import type { ChosenDecision } from '../../src-shared/routing/decision.ts';
import { modelRef } from '../../src-shared/routing/model-ref.ts';
import type { Routed } from '../routing/model-router.ts';
import type { CallUse, RoutedCall } from '../routing/routed-call.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { newId } from '../work/ids.ts';
import { AnswerMeter } from './answer-meter.ts';
import { CallFailure, networkFailure } from './call-failure.ts';
import { CallRecord } from './call-record.ts';
import { type ClientRequest, lastWords } from './client-request.ts';
import { estimateInput, requestedOutput } from './estimate.ts';
import type { AnswerHead } from './formats/answer.ts';
import { DEFAULT_TIMEOUTS, type GatewayOptions, type GatewayTimeouts } from './gateway-options.ts';
import { providerEndpoint } from './providers.ts';
import { describeRefusal, type Refusal, unanswered } from './refusal.ts';
import { relayStream } from './relay.ts';
import { readWhole } from './relay-whole.ts';
import { sendRefusal } from './send-refusal.ts';
import { stepWriter, writeAnswer } from './translate.ts';
import type { UpstreamPool } from './upstream.ts';
import { type PreparedRequest, prepareRequest } from './upstream-request.ts';
import type { WireFormat } from './wire-format.ts';

/** Whose call it is. */
export interface Caller {
  readonly agent: string;
  readonly workId?: string | undefined;
  /** Calls of one session may keep their model. */
  readonly session?: string | undefined;
  /** Calls whose client has its answer and that are being counted; the next one waits for them. */
  readonly settling: Set<Promise<unknown>>;
  onCall(call: ModelCall): void;
}

export interface ExchangeOptions {
  gateway: GatewayOptions;
  pool: UpstreamPool;
  caller: Caller;
  request: ClientRequest;
  client: ServerResponse;
  /** Aborts when the client goes, the run is cancelled or the gateway ends. */
  signal: AbortSignal;
}

/** More models than this are not tried for one call. */
const MOST_ATTEMPTS = 10;

/** One call of a client: finds its model, passes the answer on, and takes the next model while nothing was sent. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #timeouts: GatewayTimeouts;
  readonly #record: CallRecord;
  readonly #inputEstimate: number;
  readonly #failed = new Map<string, string>();
  #failure: CallFailure | undefined;
  /** What the provider that was asked last speaks. */
  #spoken: WireFormat | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.gateway.timeouts };
    this.#inputEstimate = estimateInput(options.request.body);
    this.#record = new CallRecord((call) => options.caller.onCall(call));
  }

  /** Answers the call in the client's format, whatever happens. Never rejects. */
  async run(): Promise<void> {
    const { gateway, client, signal } = this.#options;
    try {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const { decision, call } = await this.#route();
        this.#record.decided(decision);
        if (call === undefined)
          return this.#refuse(describeRefusal(decision, this.#record.passedOver, Date.now()));
        if (await this.#attempt(decision, call)) return;
      }
      this.#refuse({ status: 502, message: unanswered(this.#record.passedOver) });
    } catch (error) {
      const problem = LatticeError.from(error);
      if (!signal.aborted) gateway.onProblem(problem);
      if (client.headersSent) client.destroy();
      else this.#refuse({ status: problem.code === 'not_found' ? 404 : 500, message: problem.message });
    }
  }

  async #route(): Promise<Routed> {
    const { gateway, caller, request } = this.#options;
    if (caller.settling.size > 0) await Promise.allSettled(caller.settling);
    const output = requestedOutput(request.body) ?? 0;
    return gateway.router.route(
      caller.agent,
      { text: lastWords(request), session: caller.session },
      {
        failed: this.#failed,
        // Few answers are as long as they may be, so a large limit is not set aside whole.
        expected: { input_tokens: this.#inputEstimate, output_tokens: Math.min(output, LIKELY_OUTPUT) },
      },
    );
  }

  /** Gives true when the client has its answer, or the error that stands for it. */
  async #attempt(decision: ChosenDecision, call: RoutedCall): Promise<boolean> {
    const { gateway, signal, client } = this.#options;
    const meter = new AnswerMeter();
    let key: string | undefined;
    let sent = false;
    try {
      const providers = gateway.config().document.providers ?? {};
      const section = Object.hasOwn(providers, decision.provider) ? providers[decision.provider] : undefined;
      const endpoint = asFailure(() => providerEndpoint(decision.provider, section));
      key = endpoint.keyName === undefined ? undefined : gateway.providerKey(endpoint.keyName);
      processSecrets.add(key);
      const prepared = prepareRequest(this.#options.request, modelRef(decision.model), endpoint, key);
      this.#spoken = prepared.format;
      signal.throwIfAborted();
      sent = true;
      const answer = await this.#options.pool.open({
        ...prepared,
        signal,
        headersMs: this.#options.request.stream ? this.#timeouts.headersMs : this.#timeouts.wholeMs,
      });
      await this.#relay(decision, prepared, answer, meter);
    } catch (error) {
      if (signal.aborted) {
        if (!sent) await call.drop();
        else await this.#settle(call, { ...meter.use(this.#inputEstimate), outcome: 'cancelled' });
        this.#record.end('cancelled');
        client.destroy();
        return true;
      }
      const failure = error instanceof CallFailure ? error : networkFailure(error);
      return this.#fell(decision, call, key === undefined ? failure : failure.without(key), meter);
    }
    await this.#settle(call, meter.use(this.#inputEstimate));
    this.#record.end('ok');
    return true;
  }

  async #settle(call: RoutedCall, use: CallUse): Promise<void> {
    const { settling } = this.#options.caller;
    const counting = call.settle(use);
    settling.add(counting);
    try {
      this.#record.counted(await counting);
    } finally {
      settling.delete(counting);
    }
  }

  async #relay(
    decision: ChosenDecision,
    prepared: PreparedRequest,
    source: IncomingMessage,
    meter: AnswerMeter,
  ): Promise<void> {
    const { request, client, signal } = this.#options;
    const same = prepared.format === request.format;
    const head = answerHead(request, decision.model);
    const commit = (type: string) => {
      client.writeHead(200, {
        'content-type': type,
        'cache-control': 'no-store',
        'x-lattice-model': encodeURI(decision.model),
        ...(prepared.dropped.length > 0
          ? { 'x-lattice-notice': encodeURI(prepared.dropped.join('; ')) }
          : {}),
      });
    };
    this.#record.dropped(prepared.dropped);
    const type = source.headers['content-type'] ?? '';
    const packed = source.headers['content-encoding'] ?? 'identity';
    if (packed !== 'identity') {
      source.destroy();
      throw new CallFailure(`answered packed with ${packed}, which was not asked for`, { kind: 'down' });
    }
    if (request.stream && /^text\/event-stream/i.test(type)) {
      return relayStream({
        source,
        client,
        meter,
        from: prepared.format,
        to: request.format,
        writer: same ? undefined : stepWriter(request, head, prepared.freeformTools),
        commit: () => commit('text/event-stream; charset=utf-8'),
        onBegun: () => this.#record.begun(),
        silenceMs: this.#timeouts.silenceMs,
        signal,
      });
    }
    const whole = await readWhole(source, prepared.format, meter, signal);
    this.#record.begun();
    if (request.stream) {
      const writer = stepWriter(request, head, prepared.freeformTools);
      commit('text/event-stream; charset=utf-8');
      client.end(`${whole.steps.map((step) => writer.write(step)).join('')}${writer.end()}`);
      return;
    }
    commit('application/json');
    client.end(
      same
        ? whole.bytes
        : JSON.stringify(writeAnswer(request.format, head, whole.steps, prepared.freeformTools)),
    );
  }

  /** Counts a failure; gives true when the client was told. */
  async #fell(
    decision: ChosenDecision,
    call: RoutedCall,
    failure: CallFailure,
    meter: AnswerMeter,
  ): Promise<boolean> {
    const { gateway, caller, client } = this.#options;
    const told = client.headersSent;
    this.#failure = failure;
    const entry = await call.fail({
      cause: failure.kind,
      scope: failure.scope,
      retryAfterMs: failure.retryAfterMs,
      goesOn: !told && failure.goesOn,
      ...(meter.begun ? { use: meter.use(this.#inputEstimate) } : {}),
    });
    this.#record.counted(entry);
    if (failure.kind === 'rate_limit') {
      gateway.onRateLimit?.({
        agent: caller.agent,
        workId: caller.workId,
        provider: decision.provider,
        model: decision.model,
        retryAfterMs: failure.retryAfterMs,
        text: `${decision.model} ${failure.message}`,
      });
    }
    if (told) {
      this.#record.end('failed', new LatticeError('io_failed', `${decision.model} ${failure.message}.`));
      return true;
    }
    if (failure.goesOn) {
      this.#failed.set(decision.model, failure.message);
      this.#record.fell(decision.model, failure.message);
      return false;
    }
    const { request } = this.#options;
    const own = this.#spoken === request.format ? failure.answer?.body : undefined;
    const message = `${decision.model} ${failure.message}.`;
    this.#refuse({ status: failure.answer?.status ?? 400, message }, own);
    return true;
  }

  #refuse(refusal: Refusal, body?: Buffer): void {
    const { client, request, signal } = this.#options;
    if (signal.aborted) {
      this.#record.end('cancelled');
      client.destroy();
      return;
    }
    const waitMs = refusal.retryAfterMs ?? this.#failure?.retryAfterMs;
    sendRefusal(client, request.format, { ...refusal, retryAfterMs: waitMs }, body);
    this.#record.end(
      'failed',
      new LatticeError(refusal.status === 402 ? 'no_candidate' : 'agent_failed', refusal.message),
    );
  }
}

const LIKELY_OUTPUT = 4_000;

function asFailure<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { message, hint } = LatticeError.from(error);
    throw new CallFailure(`cannot be asked: ${message}${hint === undefined ? '' : ` ${hint}`}`, {
      kind: 'down',
      scope: 'provider',
    });
  }
}

function answerHead(request: ClientRequest, model: string): AnswerHead {
  const prefix = { chat: 'chatcmpl-', responses: 'resp_', messages: 'msg_' }[request.format];
  return { id: `${prefix}${newId()}`, model, created: Math.floor(Date.now() / 1_000) };
}
