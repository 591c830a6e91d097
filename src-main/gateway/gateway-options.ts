import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import type { BudgetExceeded } from '../routing/budget.ts';
import type { ModelRouter } from '../routing/model-router.ts';

/** What the gateway needs of lattice.yaml; asked for each call, so a change counts from the next one on. */
export interface GatewayConfig {
  readonly routing: RoutingDocument;
  readonly document: { readonly providers?: Readonly<Record<string, unknown>> | null | undefined };
}

/** A provider that limits its rate: what the hook `on_rate_limit` hears. */
export interface RateLimited {
  readonly agent: string;
  /** Absent for a call that belongs to no work. */
  readonly workId?: string | undefined;
  readonly provider: string;
  readonly model: string;
  /** What the provider asked for, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** What happened, in words. */
  readonly text: string;
}

/** How long the gateway waits, in ms. */
export interface GatewayTimeouts {
  /** For the headers of a streamed answer. */
  headersMs: number;
  /** For an answer that is not streamed. */
  wholeMs: number;
  /** Between two pieces of a stream. */
  silenceMs: number;
}

export interface GatewayOptions {
  config: () => GatewayConfig;
  router: ModelRouter;
  /** The key of a provider by the name of its variable; it is sent to that provider and to nobody else. */
  providerKey: (name: string) => string | undefined;
  /** A fixed port; any free one without it. */
  port?: number;
  onRateLimit?: (limited: RateLimited) => void;
  onBudgetExceeded?: (exceeded: BudgetExceeded) => void;
  /** Hears what a person should know, such as a call that could not be counted. */
  onProblem: (problem: Error) => void;
  timeouts?: Partial<GatewayTimeouts>;
}

export const DEFAULT_TIMEOUTS: GatewayTimeouts = {
  headersMs: 120_000,
  wholeMs: 600_000,
  silenceMs: 300_000,
};
