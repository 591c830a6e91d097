import { ulid } from 'ulid';
import type { AgentDefinition, RunOutcome } from '../src-main/agents/runner.ts';
import type { LocalAgents } from '../src-main/local-agents.ts';
import { LatticeError } from '../src-shared/errors.ts';
import type { Activity } from '../src-shared/protocol/activity.ts';
import { unproven } from '../src-shared/protocol/sender.ts';
import type { Output } from './output.ts';
import { followRun } from './run-progress.ts';
import { TerminalQuestions } from './terminal-questions.ts';

export interface LocalRun {
  agent: AgentDefinition;
  task: string;
  context: Record<string, unknown>;
  /** Milliseconds; without it the agent's own limit counts. */
  timeoutMs: number | undefined;
}

/** Runs an agent in this process, shows what it does, and prints its result. @throws LatticeError when it fails. */
export async function runLocally(agents: LocalAgents, run: LocalRun, output: Output): Promise<void> {
  const { agent, task, context, timeoutMs } = run;
  const progress = followRun(output);
  const questions = new TerminalQuestions();
  const abort = new AbortController();
  const onSignal = () => abort.abort('Stopped at the terminal.');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => abort.abort(`It took longer than ${timeoutMs} ms.`), timeoutMs);
  const calls = new Map<string, Extract<Activity, { kind: 'model_call' }>>();
  const notices: string[] = [];
  const workId = ulid();
  try {
    const outcome = await agents.engine.run(
      { workId, attempt: 1, agent, task, context },
      {
        signal: abort.signal,
        sender: unproven('this machine'),
        report: (report) => {
          if (report.type === 'activity') {
            if (report.activity.kind === 'model_call') calls.set(report.activity.id, report.activity);
            if (report.activity.kind === 'notice') notices.push(report.activity.text);
          }
          if (!output.json) progress.report(report);
        },
        ask: (question) => {
          progress.end();
          return questions.ask(question, abort.signal);
        },
        assign: () =>
          Promise.reject(new LatticeError('unsupported', 'Work can only be handed on in a lattice.')),
      },
    );
    progress.end();
    const result = resultOf(outcome);
    output.result({ agent: agent.info.name, result, notices, model_calls: [...calls.values()] }, () =>
      progress.unseen(result),
    );
  } finally {
    clearTimeout(timer);
    progress.end();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

function resultOf(outcome: RunOutcome): string {
  if (outcome.status === 'completed') return outcome.result;
  if (outcome.status === 'failed') throw LatticeError.fromShape(outcome.error);
  throw new LatticeError('cancelled', outcome.reason);
}
