import { Dotprompt } from 'dotprompt';
import { LatticeError } from '../../src-shared/errors.ts';
import type { TaskContext } from '../../src-shared/protocol/invoke.ts';
import { splitFrontmatter } from './frontmatter.ts';
import type { AgentPromptText } from './runner.ts';

/** What a model is told: the agent's own words, then messages in order. */
export interface RenderedPrompt {
  system: string;
  messages: { role: 'user' | 'assistant'; text: string }[];
}

/**
 * Fills the prompt of an agent with its context. The task comes last and only ever as a message of the user: it is what
 * somebody else wrote, and no part of the agent's own prompt.
 * @throws LatticeError `invalid_input` when the template cannot be filled.
 */
export async function renderPrompt(
  prompt: AgentPromptText | undefined,
  task: string,
  context: TaskContext,
): Promise<RenderedPrompt> {
  const rendered =
    prompt?.kind === 'dotprompt'
      ? await fill(prompt.text, context)
      : withContext(prompt?.text ?? '', context);
  if (task.trim() !== '') rendered.messages.push({ role: 'user', text: task });
  if (rendered.messages.length === 0)
    throw new LatticeError('invalid_input', 'There is nothing to ask: the task is empty.');
  return rendered;
}

/** A markdown prompt has no places for values, so they go along as data. */
function withContext(text: string, context: TaskContext): RenderedPrompt {
  const messages: RenderedPrompt['messages'] = [];
  if (Object.keys(context).length > 0)
    messages.push({
      role: 'user',
      text: `Context of the task, as JSON:\n${JSON.stringify(context, null, 2)}`,
    });
  return { system: splitFrontmatter(text).body.trim(), messages };
}

async function fill(template: string, context: TaskContext): Promise<RenderedPrompt> {
  const { body } = splitFrontmatter(template);
  const rendered: RenderedPrompt = { system: '', messages: [] };
  try {
    const render = await new Dotprompt({ partialResolver: () => null }).compile({
      template: body,
      metadata: {},
    });
    const { messages } = await render({ input: harmless(context) as Record<string, unknown> });
    for (const { role, content } of messages) {
      const text = content
        .map((part) => ('text' in part ? (part.text ?? '') : ''))
        .join('')
        .trim();
      if (text === '') continue;
      if (role === 'system') rendered.system += rendered.system === '' ? text : `\n\n${text}`;
      else rendered.messages.push({ role: role === 'model' ? 'assistant' : 'user', text });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LatticeError('invalid_input', `The prompt cannot be filled: ${reason}`, { cause: error });
  }
  return rendered;
}

/** A value that looks like a marker of the template could otherwise begin a message in another role. */
function harmless(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('<<<dotprompt:', '<<< dotprompt:');
  if (Array.isArray(value)) return value.map(harmless);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, harmless(each)]));
}
