import type { WorkQuestion } from '../../../../src-shared/protocol/work.ts';
import type { StreamItem, Tool } from '../../activity/stream-items.ts';

const ALWAYS = 'Allow always for this work';

/** Whether a question asks for permission to use a tool. */
export function asksPermission(question: Pick<WorkQuestion, 'choices'>): boolean {
  return question.choices.includes(ALWAYS);
}

/** The tool call that waits for permission: the newest that has not begun to work. */
export function waitingTool(items: readonly StreamItem[]): Tool | undefined {
  const found = items.findLast((item) => item.kind === 'tool');
  if (found?.kind !== 'tool') return undefined;
  return found.tool.status === 'pending' || found.tool.status === 'running' ? found.tool : undefined;
}

/** What a person should read before they allow it. */
export interface Asked {
  /** What it wants, without the arguments. */
  title: string;
  /** The command or the arguments, as they would be used. */
  code: string | undefined;
}

/** Parts the words of a permission question from the command or the arguments in it, helped by the tool call it is about. */
export function askedOf(text: string, tool: Tool | undefined): Asked {
  const json = /^(.*?) with (\{[\s\S]*\})$/.exec(text);
  if (json?.[1] !== undefined && json[2] !== undefined)
    return { title: json[1], code: json[2] === '{}' ? undefined : pretty(json[2]) };
  const command = commandOf(tool?.input);
  if (command === undefined || !text.includes(command)) return { title: text, code: undefined };
  const [before = '', ...after] = text.split(command);
  const title = `${before.trimEnd()} a command${after.join(command)}`;
  return { title, code: command };
}

function commandOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { command, cmd } = input as Readonly<Record<string, unknown>>;
  const said = command ?? cmd;
  if (typeof said === 'string') return said === '' ? undefined : said;
  return Array.isArray(said) && said.length > 0 && said.every((each) => typeof each === 'string')
    ? said.join(' ')
    : undefined;
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    // A long call is cut in the middle; as it is says more than nothing.
    return json;
  }
}
