import type { ModelCall } from '../../src-shared/protocol/activity.ts';

/** One run that may call models. */
export interface GatewayRun {
  /** Whose routing decides. */
  agent: string;
  workId: string;
  attempt: number;
  /** Ends the calls under way when the run is cancelled. */
  signal: AbortSignal;
  /** Hears of every model call of the run: when it starts, when it falls to another model, when it ends. */
  onCall(call: ModelCall): void;
}

/** A way into the gateway. Disposing it ends its calls and makes the key worthless. */
export interface GatewayAccess extends AsyncDisposable {
  /** Worth something only at this gateway and only until it is disposed. */
  key: string;
  /** Base URL of the OpenAI formats, ends with `/v1`. */
  openaiUrl: string;
  /** Base URL of the Anthropic format, without `/v1`. */
  anthropicUrl: string;
}

/** What a run needs to call models. */
export interface GatewayGrant extends GatewayAccess {
  /** The virtual model to ask for: `lattice/<agent>`. */
  model: string;
}

/** The loopback endpoint that runtimes call for models; routing acts here, per call. */
export interface ModelGateway {
  /** @throws LatticeError `not_found` when the agent has no routing, `io_failed` when the gateway cannot listen. */
  grant(run: GatewayRun): Promise<GatewayGrant>;
}
