import { relative, resolve } from 'node:path';
import { LatticeError } from '../src-shared/errors.ts';
import { present } from '../src-shared/present.ts';
import type { TaskContext } from '../src-shared/protocol/invoke.ts';
import type { AgentDefinitionView } from '../src-shared/views/agent-definition.ts';
import { renderPrompt } from './agents/render-prompt.ts';
import type { AgentDefinition } from './agents/runner.ts';
import { KNOWN_RUNTIMES } from './agents/runtimes/known-runtimes.ts';
import { PresenceCheck } from './agents/runtimes/presence.ts';
import type { CallHandlers } from './app-services.ts';
import type { LatticeNode } from './lattice-node.ts';

type AgentCall = 'agents.definition';

/** The window's calls about the agents of this station. */
export function agentCalls(node: LatticeNode, environment: NodeJS.ProcessEnv): Pick<CallHandlers, AgentCall> {
  const presence = new PresenceCheck({ environment });
  return {
    'agents.definition': async ({ agent: name, context }) => {
      const agent = node.catalog.definitions.value.find(({ info }) => info.name === name);
      if (agent === undefined)
        throw new LatticeError('not_found', `This station does not offer ${name}.`, {
          hint: 'Only its own station knows its prompt.',
        });
      const { run } = agent;
      if (run.kind === 'command')
        return {
          source: relative(node.projectDir, resolve(node.projectDir, agent.source)),
          triggers: triggersOf(node, name),
        };
      const { permissions, limits } = run;
      return {
        source: relative(node.projectDir, resolve(node.projectDir, agent.source)),
        triggers: triggersOf(node, name),
        ...present({
          runtime: run.kind === 'acp' ? await runtimeOf(presence, run.runtime) : undefined,
          routing: routingOf(node, name),
          prompt: run.prompt === undefined ? undefined : await promptOf(run.prompt, context),
        }),
        permissions: {
          otherwise: permissions.otherwise,
          allow: [...permissions.allow],
          deny: [...permissions.deny],
        },
        sandbox: {
          network: limits.network,
          environment: [...new Set([...Object.keys(run.env), ...run.passEnv])],
          ...present({
            workspace: run.kind === 'acp' ? run.workspace : undefined,
            timeout_ms: limits.timeoutMs,
            memory_mb: limits.memoryMb,
            processes: limits.processes,
          }),
        },
      };
    },
  };
}

function triggersOf(node: LatticeNode, name: string): string[] {
  return [...(node.config.current.value.document.agents?.[name]?.triggers ?? [])];
}

async function runtimeOf(
  presence: PresenceCheck,
  name: string,
): Promise<NonNullable<AgentDefinitionView['runtime']>> {
  const known = KNOWN_RUNTIMES.find((runtime) => runtime.name === name);
  if (known === undefined) return { title: name, state: 'unknown' };
  const { title, state, version, hint } = await presence.of(known);
  return { title, state, ...present({ version, hint }) };
}

function routingOf(node: LatticeNode, name: string): AgentDefinitionView['routing'] {
  const agent = node.routing.agents.find((each) => each.name === name);
  if (agent === undefined) return undefined;
  const { strategy, models, sticky } = agent.plan;
  return { strategy, models: models.map((model) => model.name), sticky };
}

/** As a model would be told it, without a task. */
async function promptOf(
  prompt: Extract<AgentDefinition['run'], { kind: 'acp' | 'model' }>['prompt'],
  context: TaskContext,
): Promise<AgentDefinitionView['prompt']> {
  try {
    const { system, messages } = await renderPrompt(prompt, '…', context);
    return { system, messages: messages.slice(0, -1).map(({ text }) => text) };
  } catch (error) {
    return { system: '', messages: [], error: error instanceof Error ? error.message : String(error) };
  }
}
