/** What a value of a condition is. */
export type ConditionKind = 'text' | 'number' | 'list' | 'truth';

export interface ConditionName {
  readonly kind: ConditionKind;
  readonly description: string;
}

/** A value behind a name of a condition; a name without a value counts as nothing. */
export type ConditionFact = string | number | boolean | readonly string[];

/** What is known when a hook runs, by the names that conditions and messages use. */
export type ConditionFacts = { readonly [Name in ConditionFactName]?: ConditionFact | undefined };

const names = {
  event: { kind: 'text', description: 'the event of the hook, such as post_agent' },
  agent: { kind: 'text', description: 'the agent that runs' },
  runner: { kind: 'text', description: 'how the agent runs: command, model or acp' },
  work: { kind: 'text', description: 'the id of the work or the call' },
  attempt: { kind: 'number', description: 'which attempt of the work this is, from 1' },
  task: { kind: 'text', description: 'the task as it was given' },
  summary: { kind: 'text', description: 'the task or the result in one short line' },
  outcome: { kind: 'text', description: 'completed, failed or cancelled; after a run' },
  duration: { kind: 'number', description: 'how long the run took; compare it with 90s or 5m' },
  files_changed: { kind: 'list', description: 'the files that differ from the checkpoint before the run' },
  error: { kind: 'text', description: 'what failed, in words' },
  error_code: { kind: 'text', description: 'what failed, as a code such as timeout' },
  error_count: { kind: 'number', description: 'failures of this agent in a row, this one included' },
  provider: { kind: 'text', description: 'the provider of the model' },
  model: { kind: 'text', description: 'the model as provider/model' },
  retry_after: { kind: 'number', description: 'how long the provider asks to wait; compare it with 30s' },
  budget_used: { kind: 'number', description: 'the share of the budget that is used; compare it with 80%' },
  spend: { kind: 'number', description: 'what is used of the budget, in dollars or calls' },
  limit: { kind: 'number', description: 'the budget, in dollars or calls' },
} as const satisfies Record<string, ConditionName>;

export type ConditionFactName = keyof typeof names;

/** Every name that a condition may use. */
export const conditionNames: ReadonlyMap<string, ConditionName> = new Map(Object.entries(names));
