import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { type ErrorShape, LatticeError } from '../../src-shared/errors.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import {
  type InvokeOutcome,
  type InvokeRequest,
  invokeCancelSchema,
  invokeRequestSchema,
  type Report,
} from '../../src-shared/protocol/invoke.ts';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import { tokenSchema } from '../../src-shared/protocol/token.ts';
import type { RunControls, RunOutcome } from '../agents/runner.ts';
import { LineHeaders } from '../signing/line-headers.ts';
import type { Signed, Signing } from '../signing/signing.ts';
import { CallSignatures } from './call-signatures.ts';
import { Invocation } from './invocation.ts';
import type { LoadSampler } from './load.ts';
import type { MeshLog } from './mesh-log.ts';
import { OutcomeMemory } from './outcome-memory.ts';
import { isNoResponders, type ReplyInbox } from './reply-inbox.ts';
import type { SlotLease, Slots } from './slots.ts';
import { bytesText, encode, read } from './wire.ts';

/** Runs one invocation; `signal` stops it, `report` passes on what it says. */
export type Execute = (
  agent: string,
  request: InvokeRequest,
  controls: Pick<RunControls, 'signal' | 'sender' | 'setAside'> & { report: (report: Report) => void },
) => Promise<RunOutcome>;

export interface InvokeServerOptions {
  nc: NatsConnection;
  connected: () => boolean;
  names: LatticeNames;
  stationId: string;
  stationName: () => string;
  /** When this process began, as it announces it. */
  started: string;
  /** The agent of this name that this station offers now. */
  offers: (agent: string) => AgentInfo | undefined;
  execute: Execute;
  slots: Slots;
  load: LoadSampler;
  log: MeshLog;
  inbox: ReplyInbox;
  signing?: Signing | undefined;
  /** Milliseconds between two looks at whether a caller still lives; three silent ones stop its run. */
  probeMs?: number;
  /** How long a cancelled run may take to stop before its outcome is sent anyway, in milliseconds. */
  cancelGraceMs?: number;
}

const HEADROOM_BYTES = 4_096;
const LOST_PROBES = 3;
const CANCEL_GRACE_MS = 6_000;
const QUEUE_GROUP = 'station';

/** Answers the invocations of one station: exactly one outcome each, in parallel up to its slots. */
export class InvokeServer implements AsyncDisposable {
  readonly #options: InvokeServerOptions;
  readonly #running = new Map<string, Invocation>();
  readonly #signatures: CallSignatures;
  readonly #recent = new OutcomeMemory({ maxEntries: 500, maxBytes: 32 * 1_048_576, maxAgeMs: 60_000 });
  readonly #subscriptions: { unsubscribe(): void }[];
  readonly #probe: NodeJS.Timeout;
  readonly #executing = new Set<Promise<void>>();
  #stopping = false;

  constructor(options: InvokeServerOptions) {
    this.#options = options;
    this.#signatures = new CallSignatures(options.signing);
    const { nc, names, stationId } = options;
    const on = (handler: (message: Msg) => void) => (error: Error | null, message: Msg) => {
      if (!error) handler(message);
    };
    this.#subscriptions = [
      nc.subscribe(names.agentInvoke(stationId), {
        queue: QUEUE_GROUP,
        callback: on((message) => this.#onInvoke(message)),
      }),
      nc.subscribe(names.agentCancel(stationId), { callback: on((message) => this.#onCancel(message)) }),
    ];
    this.#probe = setInterval(() => this.#probeCallers(), options.probeMs ?? 3_000);
    this.#probe.unref();
    // Nobody can hear the outcomes any more, nor cancel what runs.
    void nc.closed().then(() => this.#cancelAll('The hub does not let this station in any more.'));
  }

  #cancelAll(reason: string): void {
    for (const call of this.#running.values()) call.cancel(reason);
  }

  /** How many invocations are queued or running. */
  get size(): number {
    return this.#running.size;
  }

  /** After a lost connection: sends the outcomes again that may not have arrived; callers drop what they know. */
  resendOutcomes(): void {
    for (const { id, reply, data } of this.#recent.all()) this.#send(reply, data, { kind: 'outcome', id });
  }

  #onInvoke(message: Msg): void {
    const meeting = this.#signatures.meet(message);
    if (meeting) void meeting.then(() => this.#take(message));
    else this.#take(message);
  }

  #take(message: Msg): void {
    const parsed = read(invokeRequestSchema, message);
    const { reply } = message;
    if (!parsed.ok) {
      this.#options.log.refuse('invocation', undefined, parsed.why);
      if (reply) this.#refuse(reply, idOf(message), 'invalid_input', `The call was refused: ${parsed.why}`);
      return;
    }
    const request = parsed.value;
    const id = request.invocation_id;
    const station = this.#options.stationName();
    const known = this.#recent.get(id);
    const running = this.#running.get(id);
    const caller = this.#signatures.caller(message, request);
    if (!caller.ok) {
      if (reply) this.#fail(reply, id, caller.error);
    } else if (!reply) this.#options.log.refuse('invocation', request.caller, 'it asks for no answer');
    else if (known) this.#send(reply, known.data, { kind: 'outcome', id });
    else if (running) {
      if (request.resend) running.tellStanding();
      else this.#refuse(reply, id, 'conflict', `A call with the id ${id} runs already.`);
    } else if (this.#stopping) this.#refuse(reply, id, 'station_lost', `${station} is stopping.`);
    else if (request.resend && !this.#signatures.isFirst(request, caller.sender, this.#options.started))
      this.#refuse(
        reply,
        id,
        'station_lost',
        `${station} does not know this call; it may have been restarted.`,
      );
    else if (this.#options.offers(request.agent)) this.#track(this.#run(request, reply, caller.sender));
    else
      this.#refuse(
        reply,
        id,
        'not_found',
        `${station} does not offer ${request.agent}.`,
        'lattice agents lists what the stations offer.',
      );
  }

  /** A run can outlive its answer until its process is gone; the end of the station waits for it. */
  #track(run: Promise<void>): void {
    this.#executing.add(run);
    void run.finally(() => this.#executing.delete(run));
  }

  async #run(request: InvokeRequest, reply: string, sender: Sender): Promise<void> {
    const id = request.invocation_id;
    const { slots, execute } = this.#options;
    const call = new Invocation({
      request,
      cancelGraceMs: this.#options.cancelGraceMs ?? CANCEL_GRACE_MS,
      sendReport: (report) => this.#send(reply, encode(report), { kind: 'report', id, buildsOn: report.seq }),
      sendOutcome: (outcome) => this.#finish(request, reply, outcome, call.durationMs),
    });
    this.#running.set(id, call);
    let lease: SlotLease | undefined;
    try {
      lease = slots.tryAcquire(request.agent) ?? (await this.#wait(call, request));
      call.start();
      const controls = {
        signal: call.signal,
        sender,
        report: (report: Report) => call.report(report),
        setAside: async <T>(wait: () => Promise<T>) => {
          lease?.[Symbol.dispose]();
          const waited = await wait();
          lease = await slots.acquire(request.agent, { waitMs: Infinity, signal: call.signal });
          return waited;
        },
      };
      call.settle(await execute(request.agent, request, controls));
    } catch (thrown) {
      const error = LatticeError.from(thrown);
      call.settle(
        error.code === 'cancelled'
          ? { status: 'cancelled', reason: error.message }
          : { status: 'failed', error: error.toShape() },
      );
    } finally {
      lease?.[Symbol.dispose]();
    }
  }

  #wait(call: Invocation, request: InvokeRequest): Promise<SlotLease> {
    return this.#options.slots.acquire(request.agent, {
      waitMs: request.wait_ms,
      signal: call.signal,
      onQueued: (position) => call.report({ type: 'queued', position }),
    });
  }

  #finish(request: InvokeRequest, reply: string, outcome: RunOutcome, durationMs: number): void {
    const id = request.invocation_id;
    this.#running.delete(id);
    let data = this.#encode(id, outcome, durationMs);
    const limit = (this.#options.nc.info?.max_payload ?? Number.MAX_SAFE_INTEGER) - HEADROOM_BYTES;
    if (data.length > limit) {
      const message = `The result of ${request.agent} is ${bytesText(data.length)}; an answer holds ${bytesText(limit)}.`;
      const hint = 'Let the agent write it to a file or a store and return where it is.';
      data = this.#encode(id, { status: 'failed', error: { code: 'too_large', message, hint } }, durationMs);
    }
    this.#recent.keep(id, reply, data);
    this.#send(reply, data, { kind: 'outcome', id });
  }

  #encode(id: string, outcome: RunOutcome, durationMs: number): Uint8Array {
    const answer: InvokeOutcome = {
      kind: 'outcome',
      invocation_id: id,
      station_id: this.#options.stationId,
      status: outcome.status,
      duration_ms: durationMs,
      load: this.#options.load.current(),
      ...(outcome.status === 'completed' ? { result: outcome.result } : { error: errorOf(outcome) }),
    };
    return encode(answer);
  }

  #refuse(reply: string, id: string, code: ErrorShape['code'], message: string, hint?: string): void {
    this.#fail(reply, id, { code, message, ...(hint ? { hint } : {}) });
  }

  #fail(reply: string, id: string, error: ErrorShape): void {
    this.#send(reply, this.#encode(id, { status: 'failed', error }, 0), { kind: 'outcome', id });
  }

  #send(subject: string, data: Uint8Array, about: Omit<Signed, 'subject'>): void {
    try {
      const lines = this.#options.signing?.lines({ ...about, subject }, data);
      this.#options.nc.publish(subject, data, lines ? { headers: new LineHeaders(lines) } : undefined);
    } catch (error) {
      this.#options.log.refuse('answer', this.#options.stationId, LatticeError.from(error).message);
    }
  }

  #onCancel(message: Msg): void {
    const parsed = read(invokeCancelSchema, message);
    if (parsed.ok) {
      const call = this.#running.get(parsed.value.invocation_id);
      if (call && this.#signatures.mayCancel(message, parsed.value)) call.cancel(parsed.value.reason);
    } else this.#options.log.refuse('cancel', undefined, parsed.why);
  }

  /** A request to the caller's own subject: the hub says at once when nobody listens there any more. */
  #probeCallers(): void {
    const { nc, inbox, connected } = this.#options;
    if (!connected()) return;
    for (const call of this.#running.values()) {
      const { alive } = call.request;
      if (!alive) continue;
      if (call.noteProbe() >= LOST_PROBES) {
        call.cancel('The caller is gone.');
        continue;
      }
      const address = inbox.open((answer) => {
        if (isNoResponders(answer)) call.probeFailed();
      });
      call.onProbeEnd(() => address.close());
      try {
        nc.publish(alive, undefined, { reply: address.subject });
      } catch {
        address.close();
      }
    }
  }

  /** Takes no more calls, stops the running ones, and answers each. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    clearInterval(this.#probe);
    const reason = `${this.#options.stationName()} stopped while it ran.`;
    const ended = [...this.#running.values()].map((call) =>
      call.stop({ code: 'station_lost', message: reason }),
    );
    await Promise.all(ended);
    await settledWithin(this.#executing, this.#options.cancelGraceMs ?? CANCEL_GRACE_MS);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }
}

async function settledWithin(runs: Iterable<Promise<void>>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.allSettled(runs), limit]);
  clearTimeout(timer);
}

function errorOf(outcome: Exclude<RunOutcome, { status: 'completed' }>): ErrorShape {
  return outcome.status === 'failed' ? outcome.error : { code: 'cancelled', message: outcome.reason };
}

/** The id of a call that could not be read, so that the answer still finds its caller. */
function idOf(message: Msg): string {
  try {
    const value: unknown = message.json();
    if (typeof value === 'object' && value !== null && 'invocation_id' in value)
      return tokenSchema.catch('unknown').parse(value.invocation_id);
  } catch {
    return 'unknown';
  }
  return 'unknown';
}
