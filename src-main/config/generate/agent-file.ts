import { stringify } from 'yaml';
import { isMap } from '../../../src-shared/lattice-yaml/merge.ts';
import { parseYaml } from '../../../src-shared/lattice-yaml/parse-yaml.ts';
import { present } from '../../../src-shared/present.ts';
import { splitFrontmatter } from '../../agents/frontmatter.ts';
import type { GeneratedFile } from './generated-files.ts';

/** Stands in the frontmatter of every agent file that we write. */
const MARKER =
  'Written by lattice generate from lattice.yaml. Change it there, or the next run refuses to go on.';

/** What the frontmatter of a prompt may hand on to OpenCode. */
const HANDED_ON = ['temperature', 'top_p', 'max_tokens'] as const;

export interface AgentFileSource {
  name: string;
  description: string | undefined;
  model: string | undefined;
  /** The markdown of the agent as it is on disk. */
  markdown: string;
}

/** The agent as OpenCode reads it: its frontmatter and the prompt without ours. */
export function agentFile({ name, description, model, markdown }: AgentFileSource): GeneratedFile {
  const { yaml, body, yamlLine } = splitFrontmatter(markdown);
  const own = yaml === undefined ? undefined : parseYaml(yaml, name, yamlLine).value;
  const given = isMap(own) ? own : {};
  const frontmatter = present({
    description: description ?? given.description ?? name,
    mode: 'all',
    model,
    ...Object.fromEntries(HANDED_ON.map((key) => [key, given[key]])),
  });
  const head = stringify(frontmatter, { lineWidth: 0 });
  return {
    path: `.opencode/agents/${name}.md`,
    text: `---\n# ${MARKER}\n${head}---\n\n${body.trim()}\n`,
  };
}
