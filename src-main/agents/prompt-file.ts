import { basename } from 'node:path';
import { Dotprompt } from 'dotprompt';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { check, diagnosticAt, type Layers } from '../../src-shared/lattice-yaml/check.ts';
import type { Diagnostic, YamlPath } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { parseYaml } from '../../src-shared/lattice-yaml/parse-yaml.ts';
import { type RunConfig, runSchema } from '../../src-shared/lattice-yaml/run-schema.ts';
import {
  approvalSchema,
  capabilitiesSchema,
  inputSchema,
  tagsSchema,
} from '../../src-shared/lattice-yaml/schema.ts';
import { tokenSchema } from '../../src-shared/protocol/token.ts';
import { splitFrontmatter } from './frontmatter.ts';
import { type InputSchema, toInputSchema } from './input-schema.ts';

/** Beyond this depth the template compiler takes minutes. */
const MAX_BLOCK_DEPTH = 50;

const frontmatterSchema = z.looseObject({
  name: tokenSchema.optional(),
  variant: z.string().optional(),
  description: z.string().max(2_000).optional(),
  tags: tagsSchema.optional(),
  capabilities: capabilitiesSchema.optional(),
  model: z.string().min(1).max(200).optional(),
  max_steps: z.int().min(1).max(10_000).optional(),
  tools: z.array(z.string().min(1)).optional(),
  input: inputSchema.optional(),
  output: z.looseObject({ format: z.string().optional(), schema: z.unknown().optional() }).optional(),
  approval: approvalSchema.optional(),
  run: runSchema.optional(),
});

/** What a dotprompt file says. */
export interface PromptFile {
  name: string;
  description: string | undefined;
  tags: string[] | undefined;
  capabilities: string[] | undefined;
  model: string | undefined;
  maxSteps: number | undefined;
  tools: string[] | undefined;
  inputSchema: InputSchema | undefined;
  /** JSON Schema of the result. */
  outputSchema: InputSchema | undefined;
  /** Set when the owner of the station is asked before each run. */
  approval: 'required' | undefined;
  /** Set when the file makes a program the agent. */
  run: RunConfig | undefined;
  /** The template: text with roles and handlebars. */
  template: string;
}

export interface PromptFileReading {
  /** Nothing when there is an error. */
  prompt: PromptFile | undefined;
  diagnostics: Diagnostic[];
}

/** Reads a dotprompt file. Never throws: what is wrong is in `diagnostics`, at its line in the file. */
export async function readPromptFile(content: string, source: string): Promise<PromptFileReading> {
  const { yaml, yamlLine, body, bodyLine, unclosed } = splitFrontmatter(content);
  const start = parseYaml('', source);
  if (yaml === undefined) {
    const message = unclosed ? 'The frontmatter has no closing "---" line.' : 'The file has no frontmatter.';
    const suggestion = unclosed
      ? 'End it with a line "---" before the prompt.'
      : 'Begin it with "---", a name and a description, and another "---".';
    return { prompt: undefined, diagnostics: [start.diagnostic('error', [0, 0], message, { suggestion })] };
  }
  const parsed = parseYaml(yaml, source, yamlLine);
  const failed = parsed.diagnostics.some((each) => each.severity === 'error');
  const diagnostics = failed
    ? parsed.diagnostics
    : [...parsed.diagnostics, ...check(parsed.value ?? {}, frontmatterSchema, [parsed])];
  diagnostics.push(...(await checkTemplate(body, source, bodyLine)));
  const front = failed ? undefined : frontmatterSchema.safeParse(parsed.value ?? {}).data;
  if (front === undefined) return { prompt: undefined, diagnostics };

  const name = front.name ?? basename(source, '.prompt');
  if (!tokenSchema.safeParse(name).success) {
    const suggestion = 'Add a name of 1 to 64 letters, digits, - or _ to the frontmatter.';
    diagnostics.push(
      parsed.diagnostic('error', [0, 0], `The file name ${name} cannot be the name of an agent.`, {
        suggestion,
      }),
    );
  }
  let input: InputSchema | undefined;
  try {
    input = await toInputSchema(front.input?.schema, front.input?.default);
  } catch (error) {
    diagnostics.push(inputDiagnostic(error, [parsed], ['input', 'schema']));
  }
  let output: InputSchema | undefined;
  try {
    output = await toInputSchema(front.output?.schema);
  } catch (error) {
    diagnostics.push(inputDiagnostic(error, [parsed], ['output', 'schema']));
  }
  if (diagnostics.some((each) => each.severity === 'error')) return { prompt: undefined, diagnostics };
  const prompt: PromptFile = {
    name,
    description: front.description,
    tags: front.tags,
    capabilities: front.capabilities,
    model: front.model,
    maxSteps: front.max_steps,
    tools: front.tools,
    inputSchema: input,
    outputSchema: output,
    approval: front.approval,
    run: front.run,
    template: body,
  };
  return { prompt, diagnostics };
}

/** An input schema that was refused, as a diagnostic at its path. */
function inputDiagnostic(thrown: unknown, layers: Layers, path: YamlPath): Diagnostic {
  const error = LatticeError.from(thrown);
  return diagnosticAt(layers, 'error', { path, of: 'value', message: error.message, suggestion: error.hint });
}

async function checkTemplate(body: string, source: string, bodyLine: number): Promise<Diagnostic[]> {
  const at = (line: number, message: string): Diagnostic[] => {
    const text = body.split('\n')[line - 1] ?? '';
    const place = { line: bodyLine + line - 1, column: 1, endLine: bodyLine + line - 1 };
    return [
      {
        severity: 'error',
        source,
        message,
        ...place,
        endColumn: text.length + 1,
        path: [],
        text: text.slice(0, 80),
      },
    ];
  };
  const deep = lineOfDepth(body, MAX_BLOCK_DEPTH);
  if (deep !== undefined) return at(deep, `Blocks are nested more than ${MAX_BLOCK_DEPTH} deep.`);
  try {
    await new Dotprompt({ partialResolver: () => null }).compile({ template: body, metadata: {} });
    return [];
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const line = /Parse error on line (\d+)/.exec(said)?.[1] ?? / - (\d+):\d+$/.exec(said)?.[1] ?? '1';
    const reason = said.startsWith('Parse error')
      ? 'A tag is not closed or not complete'
      : said.replace(/ - \d+:\d+$/, '');
    return at(Number(line), `The template cannot be read: ${reason}.`);
  }
}

/** The line where handlebars blocks nest deeper than `limit`. */
function lineOfDepth(body: string, limit: number): number | undefined {
  let depth = 0;
  for (const tag of body.matchAll(/\{\{~?([#^/])(?!\s*~?\})/g)) {
    depth += tag[1] === '/' ? -1 : 1;
    if (depth > limit) return body.slice(0, tag.index).split('\n').length;
  }
  return undefined;
}
