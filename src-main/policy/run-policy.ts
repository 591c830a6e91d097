import { LatticeError } from '../../src-shared/errors.ts';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import type { RunRule } from '../../src-shared/run-rule.ts';

/** Who may run what on a station, as its settings say it. */
export interface RunPolicy {
  allow: RunRule;
  /** Names and ids of devices. */
  people: readonly string[];
  /** Agents for which another rule holds, by name. */
  agents: Readonly<Record<string, RunRule>>;
}

/** A run that is to begin on a station. */
export interface WantedRun {
  agent: string;
  /** Whether the agent demands approval of each run. */
  demandsApproval: boolean;
  sender: Sender;
  /** Whether the run comes from this machine itself. */
  isOwn: boolean;
  stationName: string;
}

/** What the policy says to a run; `because` is what demands that the owner is asked. */
export type Judgement =
  | { verdict: 'run' }
  | { verdict: 'ask'; because: 'agent' | 'rule' }
  | { verdict: 'refuse'; error: LatticeError };

/** Decides about a run by the rule of its agent, else by that of the station. */
export function judgeRun(policy: RunPolicy, run: WantedRun): Judgement {
  const rule = Object.hasOwn(policy.agents, run.agent) ? policy.agents[run.agent] : policy.allow;
  if (!run.isOwn) {
    const error = refusal(rule, policy.people, run);
    if (error) return { verdict: 'refuse', error };
    if (rule === 'ask' && !run.demandsApproval) return { verdict: 'ask', because: 'rule' };
  }
  return run.demandsApproval ? { verdict: 'ask', because: 'agent' } : { verdict: 'run' };
}

function refusal(
  rule: RunRule | undefined,
  people: readonly string[],
  { agent, sender, stationName }: WantedRun,
): LatticeError | undefined {
  const hint = `Ask the owner of ${stationName}, or run it on another station.`;
  const details = { elsewhere: true };
  if (rule === 'owner')
    return new LatticeError('not_allowed', `${stationName} runs ${agent} for its owner only.`, {
      hint,
      details,
    });
  if (rule !== 'named') return undefined;
  const names = `${stationName} runs ${agent} for named people only`;
  if (!sender.verified)
    return new LatticeError(
      'not_allowed',
      `${names}, and nothing proves that this comes from ${sender.name}.`,
      {
        hint: 'Names can be proven on a lattice that asks for keys: its host shares it, and people join by a link.',
        details,
      },
    );
  const isNamed = people.some((name) => name === sender.id || name === sender.name);
  return isNamed
    ? undefined
    : new LatticeError('not_allowed', `${names}, and ${sender.name} is not one of them.`, { hint, details });
}
