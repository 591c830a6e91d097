import { assertNever } from '../../../src-shared/errors.ts';
import type { Activity } from '../../../src-shared/protocol/activity.ts';
import type { Content, SessionUpdate, ToolContent, ToolMessage } from './acp-messages.ts';

type ToolActivity = Extract<Activity, { kind: 'tool' }>;

/** Tool calls that are remembered; a runtime that starts more forgets the oldest. */
const MAX_TOOLS = 500;
/** What one tool call may show, in characters. */
const MAX_OUTPUT_CHARS = 64_000;
const MAX_DIFF_CHARS = 200_000;
const MAX_INPUT_CHARS = 32_000;
const MAX_TEXT_CHARS = 1_000_000;
/** Between role and number in the id of a text that has none. */
const OWN_ID = ' part ';

const KINDS: ReadonlySet<string> = new Set<ToolActivity['tool_kind']>([
  ...(['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'other'] as const),
]);

/** Turns what a runtime tells into activities, and keeps how its tool calls stand. */
export class UpdateMap {
  readonly #tools = new Map<string, ToolActivity>();
  readonly #refused = new Set<string>();
  #message = 0;
  #lastText: 'answer' | 'thought' | undefined;

  /** The activity an update stands for; nothing when there is nothing to show. */
  map(update: SessionUpdate): Activity | undefined {
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
        return this.#text('answer', update.content, update.messageId);
      case 'agent_thought_chunk':
        return this.#text('thought', update.content, update.messageId);
      case 'tool_call':
      case 'tool_call_update':
        this.#lastText = undefined;
        return this.tool(update);
      case 'plan':
        return {
          kind: 'plan',
          entries: update.entries.slice(0, 200).map(({ content, status }) => ({
            text: content.slice(0, 2_000),
            status: status === 'completed' ? 'done' : status === 'in_progress' ? 'running' : 'pending',
          })),
        };
      case 'notice':
        return {
          kind: 'notice',
          level: update.severity === 'error' || update.severity === 'warning' ? update.severity : 'info',
          text: [update.title, update.description ?? ''].join(' ').trim().slice(0, 10_000),
        };
      default:
        return assertNever(update);
    }
  }

  /** How a tool call stands after `message`. */
  tool(message: ToolMessage): ToolActivity {
    const before = this.#tools.get(message.toolCallId);
    const { output, diffs } = contentOf(message.content ?? []);
    const said = output ?? outputOf(message.rawOutput);
    const files = message.locations?.map(({ path }) => path.slice(0, 4_096)).slice(0, 50);
    const input = inputOf(message.rawInput);
    const tool: ToolActivity = {
      ...before,
      kind: 'tool',
      id: message.toolCallId.slice(0, 128),
      title: (message.title ?? before?.title ?? message.toolCallId).slice(0, 2_000),
      tool_kind: kindOf(message.kind) ?? before?.tool_kind ?? 'other',
      status: this.#refused.has(message.toolCallId)
        ? 'refused'
        : (statusOf(message.status) ?? before?.status ?? 'pending'),
      ...(input === undefined ? {} : { input }),
      ...(said === undefined ? {} : { output: said }),
      ...(diffs.length === 0 ? {} : { diffs }),
      ...(files === undefined || files.length === 0 ? {} : { files }),
    };
    this.#tools.delete(message.toolCallId);
    this.#tools.set(message.toolCallId, tool);
    for (const oldest of [...this.#tools.keys()].slice(0, -MAX_TOOLS)) {
      this.#tools.delete(oldest);
      this.#refused.delete(oldest);
    }
    return tool;
  }

  /** A tool call that a person or the policy said no to. */
  refuse(message: ToolMessage): ToolActivity {
    this.#refused.add(message.toolCallId);
    return this.tool(message);
  }

  #text(
    role: 'answer' | 'thought',
    content: Content,
    messageId: string | null | undefined,
  ): Activity | undefined {
    const text = textOf(content);
    if (text === undefined || text === '') return undefined;
    if (this.#lastText !== role) this.#message++;
    this.#lastText = role;
    return {
      kind: 'text',
      id: (messageId ?? `${role}${OWN_ID}${this.#message}`).slice(0, 128) || role,
      role,
      text: text.slice(0, MAX_TEXT_CHARS),
    };
  }
}

/** Whether a piece of text came without the id of a message, so that ours says only where it stands. */
export function isOwnTextId(id: string): boolean {
  return id.startsWith(`answer${OWN_ID}`);
}

/** The text of a content block, if it is text. */
function textOf(content: Content): string | undefined {
  return content.type === 'text' && typeof content.text === 'string' ? content.text : undefined;
}

/** The kind of a tool in our words. */
export function kindOf(kind: string | null | undefined): ToolActivity['tool_kind'] | undefined {
  if (kind === null || kind === undefined) return undefined;
  return KINDS.has(kind) ? (kind as ToolActivity['tool_kind']) : 'other';
}

function statusOf(status: string | null | undefined): ToolActivity['status'] | undefined {
  if (status === 'in_progress') return 'running';
  return status === 'pending' || status === 'completed' || status === 'failed' ? status : undefined;
}

function contentOf(contents: readonly ToolContent[]): Pick<ToolActivity, 'output'> & {
  diffs: NonNullable<ToolActivity['diffs']>;
} {
  const texts: string[] = [];
  const diffs: NonNullable<ToolActivity['diffs']> = [];
  let room = MAX_DIFF_CHARS;
  for (const content of contents) {
    if (content.type === 'content' && 'content' in content) {
      const text = textOf(content.content as Content);
      if (text !== undefined) texts.push(text);
    } else if (content.type === 'diff' && 'newText' in content && diffs.length < 50) {
      const { path, oldText, newText } = content as Extract<ToolContent, { type: 'diff' }> & {
        path: string;
        oldText?: string | null;
        newText: string;
      };
      room -= newText.length + (oldText?.length ?? 0);
      if (room < 0) texts.push(`The change of ${path} is too long to be shown.`);
      else
        diffs.push({
          path: path.slice(0, 4_096),
          after: newText,
          ...(oldText === null || oldText === undefined ? {} : { before: oldText }),
        });
    }
  }
  return { diffs, ...(texts.length === 0 ? {} : { output: cut(texts.join('\n')) }) };
}

function outputOf(raw: unknown): string | undefined {
  if (raw === undefined || raw === null) return undefined;
  if (typeof raw === 'string') return cut(raw);
  if (typeof raw === 'object' && 'output' in raw && typeof raw.output === 'string') return cut(raw.output);
  return cut(JSON.stringify(raw, null, 2));
}

function inputOf(raw: unknown): unknown {
  if (raw === undefined || raw === null) return undefined;
  const text = JSON.stringify(raw);
  return text.length <= MAX_INPUT_CHARS ? raw : `${text.slice(0, MAX_INPUT_CHARS)} …`;
}

function cut(text: string): string {
  return text.length <= MAX_OUTPUT_CHARS
    ? text
    : `${text.slice(0, MAX_OUTPUT_CHARS)}\n… The rest was left out.`;
}
