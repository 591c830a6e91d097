import { parseDuration } from '../../src-shared/duration.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { expandVariables } from '../../src-shared/lattice-yaml/env.ts';
import { fillMessage } from './fill-message.ts';
import type { ActionContext, HookAction, HookLogLevel } from './hook.ts';
import { postToSlack } from './slack.ts';

const CHECKPOINT_MESSAGE = 'checkpoint: before {agent}';
const COMMIT_MESSAGE = 'ai({agent}): {summary}';
const SLACK_VARIABLE = 'SLACK_WEBHOOK_URL';
const MOST_SKIPPED_MS = 30 * 24 * 3_600_000;

/** Does one action and says in words what it did; throws LatticeError. */
type Act = (context: ActionContext) => Promise<string> | string;

/** What each action of a hook does. */
export const hookActs: Readonly<Record<HookAction, Act>> = {
  'vcs.checkpoint': checkpoint,
  'vcs.commit': commit,
  'vcs.push': push,
  'route.fallback': ({ facts }) => {
    if (facts.model === undefined) throw needs('route.fallback', 'a model call');
    return `The call goes on without ${String(facts.model)}, with the next model of its routing.`;
  },
  'route.skip_provider': skipProvider,
  'notify.terminal': (context) => {
    const text = messageOf(context);
    context.notify.terminal(text);
    return text;
  },
  'notify.desktop': (context) => {
    const body = messageOf(context);
    context.notify.desktop({ title: titleOf(context), body });
    return body;
  },
  'notify.slack': slack,
  'log.info': (context) => log(context, 'info'),
  'log.warning': (context) => log(context, 'warning'),
  'log.error': (context) => log(context, 'error'),
};

async function checkpoint(context: ActionContext): Promise<string> {
  const vcs = await context.vcs();
  if (vcs.preset === 'none') return 'No checkpoint: vcs.preset is none.';
  const { hook, document, facts } = context;
  const template = hook.message ?? document.vcs?.config?.checkpoint_message ?? CHECKPOINT_MESSAGE;
  const made = await vcs.checkpoint(fillMessage(template, facts));
  context.keep(made);
  return `Checkpoint ${made.number}: ${made.message}`;
}

async function commit(context: ActionContext): Promise<string> {
  const vcs = await context.vcs();
  if (vcs.preset === 'none') return 'No commit: vcs.preset is none.';
  const { checkpoint: since, hook, document, facts } = context;
  const message = fillMessage(hook.message ?? document.vcs?.config?.commit_message ?? COMMIT_MESSAGE, facts);
  const files = since === undefined || vcs.preset !== 'git-stash' ? undefined : await vcs.filesChanged(since);
  const made = await vcs.commit({ message, files, since });
  if (made === undefined) return 'Nothing to commit.';
  return `Committed ${made.files.length} files to ${made.on} as ${made.id.slice(0, 12)}.`;
}

async function push({ vcs: open }: ActionContext): Promise<string> {
  const vcs = await open();
  if (vcs.preset === 'none') return 'No push: vcs.preset is none.';
  const { branch, remote } = await vcs.push({ dryRun: false });
  return `Pushed ${branch} to ${remote}.`;
}

async function skipProvider(context: ActionContext): Promise<string> {
  const { facts, hook, routing } = context;
  const { provider } = facts;
  if (typeof provider !== 'string') throw needs('route.skip_provider', 'a provider');
  const ms = hook.for === undefined ? undefined : parseDuration(hook.for);
  if (hook.for !== undefined && (ms === undefined || ms < 1 || ms > MOST_SKIPPED_MS)) {
    throw new LatticeError('invalid_input', `for cannot be ${hook.for}.`, {
      hint: 'Write a time such as 10m or 2h.',
    });
  }
  const why = hook.message === undefined ? `a hook left ${provider} out` : fillMessage(hook.message, facts);
  await routing.skipProvider(provider, why, ms);
  return hook.for === undefined
    ? `${provider} is left out until the station stops.`
    : `${provider} is left out for ${hook.for}.`;
}

async function slack(context: ActionContext): Promise<string> {
  const { hook, environment, signal } = context;
  const webhook = expandVariables(hook.webhook ?? `\${${SLACK_VARIABLE}}`, environment).trim();
  if (webhook === '') {
    throw new LatticeError('invalid_input', 'No Slack webhook is set.', {
      hint: `Set ${SLACK_VARIABLE} where the station runs, or webhook: in the hook.`,
    });
  }
  await postToSlack({ webhook, text: messageOf(context), channel: hook.channel, signal });
  return `Told Slack${hook.channel === undefined ? '' : ` in ${hook.channel}`}.`;
}

function log(context: ActionContext, level: HookLogLevel): string {
  const text = messageOf(context);
  context.log(level, text);
  return text;
}

/** What a person is told: the message of the hook, or what is known of the event. */
export function messageOf({ hook, facts }: Pick<ActionContext, 'hook' | 'facts'>): string {
  if (hook.message !== undefined) return fillMessage(hook.message, facts);
  switch (facts.event) {
    case 'pre_agent':
      return fillMessage('{agent} starts: {summary}', facts);
    case 'post_agent':
      return fillMessage('{agent} {outcome} after {duration}: {summary}', facts);
    case 'on_rate_limit':
      return fillMessage('{model} is rate limited; {agent} goes on with another model.', facts);
    case 'on_budget_exceeded':
      return fillMessage('{error}', facts);
    default:
      return fillMessage('{agent} failed: {error}', facts);
  }
}

function titleOf({ facts, document }: ActionContext): string {
  const project = document.name ?? 'Lattice';
  return facts.agent === undefined ? project : `${String(facts.agent)} in ${project}`;
}

function needs(action: string, what: string): LatticeError {
  return new LatticeError('unsupported', `${action} needs ${what}, and this event has none.`, {
    hint: 'Put it under on_rate_limit or on_budget_exceeded.',
  });
}
