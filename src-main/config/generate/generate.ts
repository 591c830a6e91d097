import { isAbsolute } from 'node:path';
import { LatticeError } from '../../../src-shared/errors.ts';
import { readInProject } from '../../agents/project-file.ts';
import { DEFAULT_AGENTS_DIR, promptPlace } from '../../agents/prompt-place.ts';
import type { LoadedLattice } from '../lattice-config-files.ts';
import { agentFile } from './agent-file.ts';
import { type Generated, type GeneratedFile, jsonText } from './generated-files.ts';
import { ohMyOpenCodeConfig } from './oh-my-opencode-config.ts';
import { type GatewayTarget, openCodeConfig } from './opencode-config.ts';
import { staticModel } from './static-model.ts';

/**
 * Everything that a configuration becomes for OpenCode; nothing is written.
 * @throws LatticeError `invalid_input` for a file that cannot be read, `unsafe` for a prompt outside of the project.
 */
export async function generate(loaded: LoadedLattice, gateway?: GatewayTarget): Promise<Generated> {
  if (loaded.broken)
    throw new LatticeError('invalid_input', 'lattice.yaml cannot be read, so nothing was generated.', {
      hint: 'See what is wrong with: lattice validate',
    });
  const { document, routing } = loaded;
  const notes: string[] = [];
  const files: GeneratedFile[] = [];
  for (const name of Object.keys(document.agents ?? {})) {
    const file = await fileOf(loaded, name, gateway, notes);
    if (file !== undefined) files.push(file);
  }
  const agents = new Set(files.map(({ path }) => path.slice('.opencode/agents/'.length, -'.md'.length)));
  const openCode = openCodeConfig({ document, routing, agents, gateway });
  const ohMyOpenCode = ohMyOpenCodeConfig({ document, routing, agents });
  if (ohMyOpenCode !== undefined)
    files.unshift({ path: '.opencode/oh-my-opencode.json', text: jsonText(ohMyOpenCode) });
  files.unshift({ path: 'opencode.json', text: jsonText(openCode.config) });
  return { files, notes: [...notes, ...openCode.notes] };
}

async function fileOf(
  loaded: LoadedLattice,
  name: string,
  gateway: GatewayTarget | undefined,
  notes: string[],
): Promise<GeneratedFile | undefined> {
  const agent = loaded.document.agents?.[name];
  if (agent === undefined) return undefined;
  if (agent.path === undefined || !agent.path.endsWith('.md')) {
    notes.push(`${name} has no markdown prompt, so OpenCode does not get it.`);
    return undefined;
  }
  const dir = loaded.document.defaults?.agents_dir ?? DEFAULT_AGENTS_DIR;
  const place = await promptPlace(loaded, name, agent.path, dir);
  const markdown = await readInProject(place.root, place.path);
  const routed = loaded.routing.agents.find((each) => each.name === name);
  const found = routed && staticModel(routed);
  if (gateway === undefined && found?.lost !== undefined) notes.push(found.lost);
  if (isAbsolute(place.path)) notes.push(`${name} comes from your own lattice.yaml, not from the project.`);
  const model = gateway === undefined ? found?.model : `lattice/${name}`;
  return agentFile({ name, description: agent.description, model, markdown });
}
