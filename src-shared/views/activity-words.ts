import { assertNever } from '../errors.ts';
import type { Activity, ModelCall } from '../protocol/activity.ts';

/** An activity as one line for a log or a terminal; undefined for pieces of text, which are shown as they come. */
function activityLine(activity: Activity): string | undefined {
  switch (activity.kind) {
    case 'text':
    case 'terminal':
      return undefined;
    case 'plan': {
      const done = activity.entries.filter((entry) => entry.status === 'done').length;
      const running = activity.entries.find((entry) => entry.status === 'running');
      return `Plan: ${done} of ${activity.entries.length} done${running ? `, now ${running.text}` : ''}`;
    }
    case 'tool':
      return `${activity.title}: ${activity.status}`;
    case 'model_call':
      return modelCallLine(activity);
    case 'notice':
      return activity.text;
    default:
      return assertNever(activity);
  }
}

/** What a list of lines shows for an activity: the piece of text itself, or one line about it. */
export function activityText(activity: Activity): string {
  return activity.kind === 'text' || activity.kind === 'terminal'
    ? activity.text
    : (activityLine(activity) ?? '');
}

/** Whether an activity is part of what the agent answers or prints, so that its text runs on without line breaks. */
export function isRunningText(activity: Activity): boolean {
  return activity.kind === 'terminal' || (activity.kind === 'text' && activity.role === 'answer');
}

/** Dollars with as many digits as a small amount needs, for example `$0.0042`. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd === 0 || usd >= 1 ? 2 : 4)}`;
}

function modelCallLine(call: ModelCall): string {
  const around = call.passed_over.map(({ model, reason }) => `; not ${model}: ${reason}`).join('');
  if (call.status === 'running') return `Asks ${call.model}${around}`;
  if (call.status === 'cancelled') return `${call.model} was stopped`;
  if (call.status === 'failed')
    return `${call.model} failed: ${call.error?.message ?? 'no reason given'}${around}`;
  const tokens =
    call.input_tokens === undefined ? undefined : `${call.input_tokens} in, ${call.output_tokens ?? 0} out`;
  const money = call.usd === undefined ? undefined : `${call.estimated ? 'about ' : ''}${dollars(call.usd)}`;
  return [`${call.model} answered${around}`, tokens, money].filter((part) => part !== undefined).join(', ');
}
