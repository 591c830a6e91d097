import { LatticeError } from '../../src-shared/errors.ts';

const PREFIX = 'lattice/';

/** The name that stands for whatever model the routing of an agent chooses. */
export function virtualModel(agent: string): string {
  return `${PREFIX}${agent}`;
}

/**
 * The agent whose routing decides for a model that a client asks for. The key of a run belongs to one agent, and its
 * runtime may ask for models by other names, for titles and summaries; all of them are calls of that agent.
 * @throws LatticeError `not_found` for a name that is nobody's, `auth_failed` for another agent than that of the key.
 */
export function agentFor(model: string, agents: readonly string[], owner: string | undefined): string {
  const name = model.startsWith(PREFIX) ? model.slice(PREFIX.length) : model;
  if (owner !== undefined) {
    if (name === owner || !model.startsWith(PREFIX) || !agents.includes(name)) return owner;
    throw new LatticeError('auth_failed', `This key is for ${virtualModel(owner)}, not for ${model}.`);
  }
  if (agents.includes(name)) return name;
  throw new LatticeError('not_found', `There is no model ${model} here.`, {
    hint: `There are ${agents.map(virtualModel).join(', ') || 'none: no agent of lattice.yaml has routing'}.`,
  });
}

/** The list of models in a shape that clients of OpenAI and of Anthropic both read. */
export function modelList(agents: readonly string[], startedAt: Date): object {
  const data = agents.map((agent) => ({
    id: virtualModel(agent),
    object: 'model',
    type: 'model',
    created: Math.floor(startedAt.getTime() / 1_000),
    created_at: startedAt.toISOString(),
    display_name: agent,
    owned_by: 'lattice',
  }));
  return {
    object: 'list',
    data,
    has_more: false,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
