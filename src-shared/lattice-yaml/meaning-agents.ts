import { LatticeError } from '../errors.ts';
import { doubtful, type MeaningIssue, meant, wrong } from './meaning-issue.ts';
import type { LatticeYaml } from './schema.ts';
import { splitWords } from './split-words.ts';

/** Triggers that cannot reach their agent, servers that are not there, and commands of servers that need a shell. */
export function agentsMeaning(document: LatticeYaml): MeaningIssue[] {
  const issues: MeaningIssue[] = [];
  const owners = new Map<string, string>();
  for (const [name, agent] of Object.entries(document.agents ?? {})) {
    for (const [index, trigger] of (agent.triggers ?? []).entries()) {
      const path = ['agents', name, 'triggers', index];
      const owner = owners.get(trigger);
      if (owner === name)
        issues.push(doubtful(path, `The trigger ${trigger} is there twice.`, 'Keep one of them.'));
      else if (owner !== undefined)
        issues.push(
          wrong(path, `The trigger ${trigger} belongs to the agent ${owner} already.`, 'Choose another one.'),
        );
      else owners.set(trigger, name);
    }
  }
  return [...issues, ...runsMeaning(document), ...serversMeaning(document)];
}

/** Servers of tools that an agent asks for and that are not there. */
export function runsMeaning({ agents, mcp }: LatticeYaml): MeaningIssue[] {
  const issues: MeaningIssue[] = [];
  const servers = Object.keys(mcp ?? {});
  for (const [name, { run }] of Object.entries(agents ?? {})) {
    const wanted = run?.mcp;
    if (!Array.isArray(wanted)) continue;
    for (const [index, server] of wanted.entries()) {
      if (typeof server !== 'string' || servers.includes(server)) continue;
      const path = ['agents', name, 'run', 'mcp', index];
      issues.push(
        wrong(
          path,
          `There is no server ${server} under mcp.`,
          meant(server, servers) ?? 'Add it under mcp:.',
        ),
      );
    }
  }
  return issues;
}

function serversMeaning({ mcp }: LatticeYaml): MeaningIssue[] {
  return Object.entries(mcp ?? {}).flatMap(([name, server]) => {
    if (typeof server?.command !== 'string') return [];
    try {
      splitWords(server.command);
      return [];
    } catch (error) {
      const { message, hint } = LatticeError.from(error);
      return [wrong(['mcp', name, 'command'], message, hint)];
    }
  });
}
