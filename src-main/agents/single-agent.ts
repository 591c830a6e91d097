import { realpath } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { tokenSchema } from '../../src-shared/protocol/token.ts';
import { type DraftSurroundings, draftFromConfig, draftFromPrompt } from './agent-draft.ts';
import { readAgentMarkdown } from './agent-markdown.ts';
import { readInProject } from './project-file.ts';
import { readPromptFile } from './prompt-file.ts';
import type { AgentDefinition } from './runner.ts';

/**
 * The agent that one dotprompt or markdown file is, wherever it lies.
 * @throws LatticeError `invalid_input` with each mistake of the file, `not_found`, `too_large`, `io_failed`.
 */
export async function readSingleAgent(file: string, around: DraftSurroundings): Promise<AgentDefinition> {
  const folder = await realpath(dirname(file)).catch(() => dirname(file));
  const path = basename(file);
  const content = await readInProject(folder, path);
  const registered_at = new Date().toISOString();
  if (extname(path) === '.prompt') {
    const { prompt, diagnostics } = await readPromptFile(content, path);
    if (prompt === undefined) throw mistakes(path, diagnostics);
    const read = { path, content, description: prompt.description, dotprompt: prompt };
    const { info, run } = draftFromPrompt(around, read, prompt);
    return { info: { ...info, registered_at }, run, source: file };
  }
  const name = basename(path, extname(path));
  if (!tokenSchema.safeParse(name).success)
    throw new LatticeError('invalid_input', `The file name ${name} cannot be the name of an agent.`, {
      hint: 'Use letters, digits, - and _.',
    });
  const { description, diagnostics, ...markdown } = readAgentMarkdown(content, path);
  if (diagnostics.some(({ severity }) => severity === 'error')) throw mistakes(path, diagnostics);
  const read = { path, content, description, dotprompt: undefined, markdown };
  const { info, run } = draftFromConfig(around, name, {}, undefined, read);
  return { info: { ...info, registered_at }, run, source: file };
}

function mistakes(path: string, diagnostics: Parameters<typeof formatDiagnostic>[0][]): LatticeError {
  return new LatticeError('invalid_input', `${path} has mistakes.`, {
    hint: diagnostics.map(formatDiagnostic).join('\n'),
  });
}
