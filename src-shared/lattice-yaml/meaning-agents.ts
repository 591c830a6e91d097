import { doubtful, type MeaningIssue, meant, wrong } from './meaning-issue.ts';
import type { LatticeYaml } from './schema.ts';

/** Triggers that cannot reach their agent, and servers that are not there. */
export function agentsMeaning(document: LatticeYaml): MeaningIssue[] {
  const issues: MeaningIssue[] = [];
  const owners = new Map<string, string>();
  const servers = Object.keys(document.mcp ?? {});
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
    const wanted = agent.run?.mcp;
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
