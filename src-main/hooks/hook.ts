import type { z } from 'zod';
import { hookActions } from '../../src-shared/lattice-yaml/actions.ts';
import type { ConditionFacts } from '../../src-shared/lattice-yaml/condition-names.ts';
import type { LatticeYaml } from '../../src-shared/lattice-yaml/schema.ts';
import type { hookSchema } from '../../src-shared/lattice-yaml/section-schemas.ts';
import type { Checkpoint, Vcs } from '../vcs/vcs.ts';

/** When a hook runs. */
export type HookEvent = 'pre_agent' | 'post_agent' | 'on_rate_limit' | 'on_budget_exceeded' | 'on_error';

export type HookAction = (typeof hookActions)[number];

/** One action of a hook as lattice.yaml has it. */
export type Hook = z.infer<typeof hookSchema>[number];

/** What an action of a hook did, for the log and for the event. */
export interface HookRan {
  readonly event: HookEvent;
  readonly action: string;
  readonly outcome: 'done' | 'failed';
  /** What it did or why it failed, in words without secrets. */
  readonly text: string;
  readonly agent: string | undefined;
  readonly work: string | undefined;
  readonly duration_ms: number;
}

/** How a hook reaches a person. */
export interface Notify {
  /** One line where the station runs. */
  terminal(text: string): void;
  desktop(said: { title: string; body: string }): void;
  /** A line of the station's own log. */
  log(level: HookLogLevel, text: string): void;
}

/** Tells nobody. */
export const silent: Notify = { terminal: () => undefined, desktop: () => undefined, log: () => undefined };

export type HookLogLevel = 'info' | 'warning' | 'error';

/** What routing does for hooks. */
export interface HookRouting {
  /** Leaves a provider out for `ms`, or until this process ends. */
  skipProvider(provider: string, reason: string, ms: number | undefined): Promise<void>;
}

/** All that an action may use. */
export interface ActionContext {
  hook: Hook;
  facts: ConditionFacts;
  document: LatticeYaml;
  vcs(): Promise<Vcs>;
  notify: Notify;
  log(level: HookLogLevel, text: string): void;
  routing: HookRouting;
  environment: NodeJS.ProcessEnv;
  /** The checkpoint before the run. */
  checkpoint: Checkpoint | undefined;
  /** Keeps the checkpoint that this action made for the rest of the run. */
  keep(checkpoint: Checkpoint): void;
  signal: AbortSignal;
}

export function isHookAction(name: string): name is HookAction {
  return hookActions.some((known) => known === name);
}
