import type { GatewayGrant } from '../../gateway/model-gateway.ts';
import type { RunLimits } from '../runner.ts';

/** What a runtime is prepared for. */
export interface RuntimeSetup {
  /** Its models; undefined when the runtime uses its own. */
  grant: Pick<GatewayGrant, 'key' | 'openaiUrl' | 'anthropicUrl' | 'model'> | undefined;
  /** The agent's own prompt. */
  system: string;
  /** Only this user can read it; it goes with the run. */
  privateDir: string;
  limits: Pick<RunLimits, 'network'>;
}

/** How a runtime is started so that it does what the definition says. */
export interface PreparedRuntime {
  env: Record<string, string>;
  /** Of `session/new`. */
  meta?: Record<string, unknown>;
  /** True when the runtime takes the system prompt in its own way; else it goes before the task. */
  takesSystem: boolean;
}

/** A coding agent we know how to start. */
export interface RuntimeSpec {
  name: string;
  title: string;
  command: readonly [string, ...string[]];
  /** The program that must be there, and how it says its version. */
  version: readonly [string, ...string[]];
  install: string;
  /** False when it cannot be given the gateway, so that routing does not act on it. */
  takesGateway: boolean;
  /** The mode in which it asks about everything, where that is not how it starts. */
  askingMode?: string;
  /** Writes what the runtime needs and says how it is started. @throws LatticeError `io_failed`. */
  prepare(setup: RuntimeSetup): Promise<PreparedRuntime>;
}
