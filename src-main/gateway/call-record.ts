import type { LatticeError } from '../../src-shared/errors.ts';
import type { ModelCall } from '../../src-shared/protocol/activity.ts';
import type { Decision } from '../../src-shared/routing/decision.ts';
import { reasonInShort } from '../../src-shared/routing/explain.ts';
import type { UsageEntry } from '../../src-shared/routing/usage.ts';
import { newId } from '../work/ids.ts';

const MOST_PASSED_OVER = 50;

/** The story of one call as others see it: told anew at each step. */
export class CallRecord {
  readonly #tell: (call: ModelCall) => void;
  readonly #startedAt = performance.now();
  readonly #passedOver = new Map<string, string>();
  #call: ModelCall;

  constructor(tell: (call: ModelCall) => void) {
    this.#tell = tell;
    this.#call = {
      kind: 'model_call',
      id: newId(),
      model: '',
      provider: '',
      status: 'running',
      reason: '',
      passed_over: [],
      started_at: new Date().toISOString(),
    };
  }

  /** What was tried or cannot be used, with the reason, in order. */
  get passedOver(): ReadonlyMap<string, string> {
    return this.#passedOver;
  }

  /** Routing has decided. */
  decided(decision: Decision): void {
    for (const each of decision.candidates)
      if (each.outcome === 'unavailable') this.#passOver(each.model, each.reason);
    const { model = '', provider = '' } =
      decision.outcome === 'chosen' ? decision : (decision.candidates[0] ?? {});
    if (decision.outcome === 'chosen') this.#passedOver.delete(model);
    this.#change({ model, provider, reason: reasonInShort(decision).slice(0, 2_000) });
    if (decision.outcome === 'chosen') this.#publish();
  }

  /** A model failed and the call goes on. */
  fell(model: string, reason: string): void {
    this.#passOver(model, reason);
  }

  /** The first piece of the answer is here. */
  begun(): void {
    this.#change({ first_token_ms: this.#elapsed() });
    this.#publish();
  }

  /** What another format could not carry. */
  dropped(what: readonly string[]): void {
    if (what.length > 0) this.#change({ dropped: what.slice(0, 50).map((each) => each.slice(0, 2_000)) });
  }

  /** An attempt was counted; what several attempts used adds up. */
  counted(entry: UsageEntry | undefined): void {
    if (entry === undefined) return;
    const { input_tokens = 0, output_tokens = 0, cache_read_tokens, usd, estimated } = this.#call;
    const cached = entry.cache_read_tokens;
    const guessed = estimated === true || entry.tokens_estimated === true || entry.usd_estimated === true;
    this.#change({
      input_tokens: input_tokens + entry.input_tokens,
      output_tokens: output_tokens + entry.output_tokens,
      ...(cached === undefined ? {} : { cache_read_tokens: (cache_read_tokens ?? 0) + cached }),
      ...(entry.usd === undefined ? {} : { usd: (usd ?? 0) + entry.usd }),
      ...(guessed ? { estimated: true } : {}),
    });
  }

  /** The call is over. */
  end(status: Exclude<ModelCall['status'], 'running'>, error?: LatticeError): void {
    if (this.#call.status !== 'running') return;
    this.#change({
      status,
      duration_ms: this.#elapsed(),
      ...(error === undefined ? {} : { error: error.toShape() }),
    });
    this.#publish();
  }

  #passOver(model: string, reason: string): void {
    if (this.#passedOver.size < MOST_PASSED_OVER || this.#passedOver.has(model))
      this.#passedOver.set(model, reason.slice(0, 2_000));
  }

  #change(change: Partial<ModelCall>): void {
    this.#call = { ...this.#call, ...change };
  }

  #publish(): void {
    const passed_over = [...this.#passedOver].map(([model, reason]) => ({
      model: model.slice(0, 300),
      reason,
    }));
    this.#tell({ ...this.#call, passed_over });
  }

  #elapsed(): number {
    return Math.round((performance.now() - this.#startedAt) * 10) / 10;
  }
}
