import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LiveDelta } from '../../src-shared/live.ts';
import type { InvokeCancel, InvokeRequest } from '../../src-shared/protocol/invoke.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { StationView } from '../../src-shared/views/mesh.ts';
import { LineHeaders } from '../signing/line-headers.ts';
import type { Signed, Signing } from '../signing/signing.ts';
import {
  type CompletedCall,
  completedCall,
  type InvokeOptions,
  type WantedRun,
  wantedRun,
} from './agent-call.ts';
import { flawOfAnswer } from './call-signatures.ts';
import type { MeshConnection } from './connection.ts';
import { idFactory } from './ids.ts';
import { type CallEnd, PendingCall } from './pending-call.ts';
import type { Registry } from './registry.ts';
import type { ReplyInbox } from './reply-inbox.ts';
import { type Route, type RouteQuery, type RouteTarget, route } from './router.ts';
import type { MeshTiming } from './timing.ts';
import { bytesText, encode, PROTOCOL_LINE, protocolHeaders } from './wire.ts';

export interface InvokerOptions {
  connection: MeshConnection;
  names: LatticeNames;
  registry: Registry;
  inbox: ReplyInbox;
  /** Who calls, for the other side's records: a station id or the id of a command. */
  caller: string;
  signing?: Signing | undefined;
  /** How much longer than the run itself the answer may take, in milliseconds. */
  graceMs?: number;
  /** How long a cancelled run may take to confirm, in milliseconds. */
  cancelWaitMs?: number;
  timing: Pick<MeshTiming, 'askEveryMs' | 'returnWaitMs'>;
}

const HEADROOM_BYTES = 1_024;

/** Calls agents on the mesh and brings back what became of it. */
export class Invoker implements Disposable {
  readonly #options: InvokerOptions;
  readonly #headers = protocolHeaders();
  readonly #pending = new Set<PendingCall>();
  readonly #newId = idFactory();
  readonly #watching: Disposable[];
  readonly #asking: NodeJS.Timeout;

  constructor(options: InvokerOptions) {
    this.#options = options;
    const { connection, registry } = options;
    this.#watching = [
      registry.stations.on((delta) => this.#onStations(delta)),
      connection.view.on(() => {
        const { state, error } = connection.view.value;
        if (state === 'failed' && error) this.#endAll(LatticeError.fromShape(error));
      }),
      connection.refused.on((error) => this.#onRefused(error)),
    ];
    // A station whose connection breaks without a word looks alive to the hub for a while, and a request to it is gone.
    this.#asking = setInterval(() => {
      for (const call of this.#pending) call.ask();
    }, options.timing.askEveryMs);
    this.#asking.unref();
  }

  /** How many calls are on their way. */
  get size(): number {
    return this.#pending.size;
  }

  /** Decides where a call would go now, without calling; @throws as `route` does. */
  route(query: RouteQuery): Route {
    return route(this.#options.registry.index, query);
  }

  /**
   * Runs a task on the mesh and resolves with its result.
   * @throws LatticeError `no_candidate`, `busy`, `timeout`, `cancelled`, `station_lost`, `too_large`, `not_connected`,
   * `invalid_input`, or what the agent failed with; `details` say which station and agent it was.
   */
  async invoke(options: InvokeOptions): Promise<CompletedCall> {
    const { inbox, caller } = this.#options;
    const wanted = wantedRun(options, { caller, alive: inbox.alive });
    this.#requireConnection();
    const first = this.route(options.target);
    tellRoute(first, options);
    const end = await this.#attempt(options, wanted, first, 0);
    if (end.kind !== 'not_started' || options.signal?.aborted) return this.#conclude(end, first);
    let second: Route;
    try {
      const excluded = new Map([[first.choice.stationId, end.reason]]);
      second = route(this.#options.registry.index, options.target, excluded);
    } catch (error) {
      if (!(error instanceof LatticeError)) throw error;
      if (end.error.code === 'busy') return this.#conclude(end, first, error.details);
      const { returnWaitMs } = this.#options.timing;
      const again = await this.#attempt(options, wanted, first, returnWaitMs);
      return this.#conclude(again, first, again.kind === 'not_started' ? error.details : undefined);
    }
    tellRoute(second, options);
    return this.#conclude(await this.#attempt(options, wanted, second, 0), second);
  }

  /** After a lost connection: asks for every call that may have been lost, or its outcome; nothing runs twice. */
  resendPending(): void {
    for (const call of this.#pending) call.resend();
  }

  #requireConnection(): void {
    const { connection } = this.#options;
    if (connection.connected) return;
    const { url, state } = connection.view.value;
    throw new LatticeError('not_connected', `Not connected to ${url ?? 'a hub'} (${state}).`, {
      hint: 'The connection comes back by itself when the hub does.',
    });
  }

  async #attempt(
    options: InvokeOptions,
    wanted: WantedRun,
    { choice: target }: Route,
    returnWaitMs: number,
  ): Promise<CallEnd> {
    const { connection, names, inbox, registry } = this.#options;
    const { nc } = connection;
    const id = this.#newId();
    const request: InvokeRequest = {
      ...wanted,
      invocation_id: id,
      agent: target.agent,
    };
    const data = encode(request);
    this.#checkSize(data, nc);
    const subject = names.agentInvoke(target.stationId);
    const stationStart = registry.manifest(target.stationId)?.started_at;
    const call = new PendingCall({
      target,
      onReport: options.onReport,
      deadlineMs: wanted.wait_ms + wanted.timeout_ms + (this.#options.graceMs ?? 2_000),
      cancelWaitMs: this.#options.cancelWaitMs ?? 7_000,
      returnWaitMs,
      sendAgain: ({ mayStart, ageMs }) => {
        if (!connection.connected) return;
        const again: InvokeRequest = mayStart
          ? { ...request, resend: { age_ms: ageMs, station_start: stationStart } }
          : { ...request, task: '', context: {}, resend: { age_ms: ageMs } };
        this.#send({ kind: 'invoke', subject, id }, encode(again), address.subject);
      },
      sendCancel: (reason) => this.#sendCancel(target, { invocation_id: id, reason }),
      flawOf: (message, answer) =>
        flawOfAnswer(this.#options.signing, message, { id, stationId: target.stationId }, answer),
      onRefused: (why) => registry.log.refuse('answer', target.stationId, why),
    });
    const address = inbox.open((message) => call.onReply(message));
    const onAbort = () => call.cancel('The caller cancelled it.');
    options.signal?.addEventListener('abort', onAbort);
    this.#pending.add(call);
    registry.countInFlight(target.stationId, 1);
    try {
      this.#send({ kind: 'invoke', subject, id }, data, address.subject);
      return await call.ended;
    } finally {
      registry.countInFlight(target.stationId, -1);
      this.#pending.delete(call);
      options.signal?.removeEventListener('abort', onAbort);
      address.close();
    }
  }

  #checkSize(data: Uint8Array, nc: NatsConnection): void {
    const limit = (nc.info?.max_payload ?? Number.MAX_SAFE_INTEGER) - HEADROOM_BYTES;
    if (data.length <= limit) return;
    throw new LatticeError(
      'too_large',
      `The call takes ${bytesText(data.length)}; the hub takes ${bytesText(limit)}.`,
      {
        hint: 'Put large input into a file or a store and say where it is.',
      },
    );
  }

  #conclude(end: CallEnd, { choice }: Route, more?: Record<string, unknown>): CompletedCall {
    if (end.kind === 'outcome' && end.outcome.load)
      this.#options.registry.noteLoad(choice.stationId, end.outcome.load);
    return completedCall(end, choice, more);
  }

  #send(about: Signed, data: Uint8Array, reply?: string): void {
    const lines = this.#options.signing?.lines(about, data);
    this.#options.connection.nc.publish(about.subject, data, {
      headers: lines ? new LineHeaders(PROTOCOL_LINE + lines) : this.#headers,
      ...(reply ? { reply } : {}),
    });
  }

  #sendCancel(target: RouteTarget, cancel: InvokeCancel): void {
    const { names, registry } = this.#options;
    try {
      const subject = names.agentCancel(target.stationId);
      this.#send({ kind: 'cancel', subject, id: cancel.invocation_id }, encode(cancel));
    } catch (error) {
      registry.log.refuse('cancel', target.stationId, LatticeError.from(error).message);
    }
  }

  #onStations({ upserts, removes }: LiveDelta<StationView>): void {
    if (this.#pending.size === 0 || !this.#options.connection.connected) return;
    const gone = new Set(removes);
    for (const station of upserts) if (station.status === 'offline') gone.add(station.id);
    if (gone.size === 0) return;
    for (const call of this.#pending) if (gone.has(call.target.stationId)) call.stationLost();
  }

  /** The hub does not let us call; nobody will answer. */
  #onRefused(error: LatticeError): void {
    for (const call of this.#pending)
      if (this.#options.names.agentInvoke(call.target.stationId) === error.details?.subject)
        call.connectionLost(error);
  }

  #endAll(error: LatticeError): void {
    for (const call of this.#pending) call.connectionLost(error);
  }

  /** Stops every call that is on its way. */
  [Symbol.dispose](): void {
    clearInterval(this.#asking);
    for (const watch of this.#watching) watch[Symbol.dispose]();
    for (const call of this.#pending) {
      call.cancel('The caller ends.');
      call.connectionLost(new LatticeError('cancelled', 'This process leaves the lattice.'));
    }
  }
}

/** Who wants to hear of a decision gets the reasons as they were when it was made. */
function tellRoute(chosen: Route, { onRoute }: InvokeOptions): void {
  if (!onRoute) return;
  void chosen.candidates;
  onRoute(chosen);
}
