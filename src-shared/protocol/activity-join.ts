import type { Activity } from './activity.ts';

/** Longest piece of text or terminal output in one message, in characters. */
const MAX_PIECE = 32_768;
/** Longest text of a tool call or a diff, in characters; the rest is left out and counted. */
const MAX_DETAIL = 100_000;

/** Two activities in a row as one, or undefined when both are needed to tell what happened. */
export function joinActivity(before: Activity, next: Activity): Activity | undefined {
  if (before.kind === 'plan' && next.kind === 'plan') return next;
  if (!('id' in before) || !('id' in next) || before.id !== next.id || before.kind !== next.kind)
    return undefined;
  if (before.kind === 'tool' || before.kind === 'model_call') return next;
  if (before.kind === 'text' && next.kind === 'text' && before.role !== next.role) return undefined;
  if (!('text' in before) || !('text' in next)) return undefined;
  if (before.text.length + next.text.length > MAX_PIECE) return undefined;
  return { ...before, text: before.text + next.text };
}

/** An activity as messages of bounded size: long text in pieces, long details cut and their rest counted. */
export function fitActivity(activity: Activity): Activity[] {
  if (activity.kind === 'tool') return [fitTool(activity)];
  if (activity.kind !== 'text' && activity.kind !== 'terminal') return [activity];
  if (activity.text.length <= MAX_PIECE) return [activity];
  const pieces: Activity[] = [];
  for (let from = 0; from < activity.text.length; ) {
    let to = Math.min(activity.text.length, from + MAX_PIECE);
    if (to < activity.text.length && isHighSurrogate(activity.text.charCodeAt(to - 1))) to--;
    pieces.push({ ...activity, text: activity.text.slice(from, to) });
    from = to;
  }
  return pieces;
}

/** How much of an activity is text that is lost when there is no room for it, in characters; 0 for what must not be lost. */
export function looseText(activity: Activity): number {
  return activity.kind === 'text' || activity.kind === 'terminal' ? activity.text.length : 0;
}

type Tool = Extract<Activity, { kind: 'tool' }>;

function fitTool(tool: Tool): Tool {
  const { input, output, diffs, ...rest } = tool;
  return {
    ...rest,
    ...(input === undefined ? {} : { input: fitInput(input) }),
    ...(output === undefined ? {} : { output: fitText(output) }),
    ...(diffs === undefined
      ? {}
      : {
          diffs: diffs.map(({ path, before, after }) => ({
            path,
            ...(before === undefined ? {} : { before: fitText(before) }),
            after: fitText(after),
          })),
        }),
  };
}

function fitInput(input: unknown): unknown {
  const json = JSON.stringify(input) ?? '';
  return json.length <= MAX_DETAIL ? input : fitText(json);
}

function fitText(text: string): string {
  if (text.length <= MAX_DETAIL) return text;
  const end = isHighSurrogate(text.charCodeAt(MAX_DETAIL - 1)) ? MAX_DETAIL - 1 : MAX_DETAIL;
  return `${text.slice(0, end)}\n[${text.length - end} characters left out]`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
