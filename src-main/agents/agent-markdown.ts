import { z } from 'zod';
import { check } from '../../src-shared/lattice-yaml/check.ts';
import type { Diagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { parseYaml } from '../../src-shared/lattice-yaml/parse-yaml.ts';
import { splitFrontmatter } from './frontmatter.ts';

const frontmatterSchema = z.looseObject({
  description: z.string().max(2_000).optional(),
  model_preference: z.string().max(200).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).optional(),
});

/** What an agent's markdown file says beside its prompt. */
export interface AgentMarkdown {
  description: string | undefined;
  /** The model it asks for when nothing routes it. */
  model?: string | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
  diagnostics: Diagnostic[];
}

/** Reads a markdown prompt with optional frontmatter. Never throws: what is wrong is in `diagnostics`. */
export function readAgentMarkdown(content: string, source: string): AgentMarkdown {
  const { yaml, yamlLine } = splitFrontmatter(content);
  if (yaml === undefined) return { description: undefined, diagnostics: [] };
  const parsed = parseYaml(yaml, source, yamlLine);
  if (parsed.diagnostics.some((each) => each.severity === 'error'))
    return { description: undefined, diagnostics: parsed.diagnostics };
  const value = parsed.value ?? {};
  const said = frontmatterSchema.safeParse(value).data;
  return {
    description: said?.description,
    model: said?.model_preference,
    temperature: said?.temperature,
    maxTokens: said?.max_tokens,
    diagnostics: [...parsed.diagnostics, ...check(value, frontmatterSchema, [parsed])],
  };
}
