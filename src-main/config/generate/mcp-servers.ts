import type { LatticeYaml } from '../../../src-shared/lattice-yaml/schema.ts';
import { splitWords } from '../../../src-shared/lattice-yaml/split-words.ts';
import { openCodeVariables } from './variables.ts';

type McpSection = NonNullable<NonNullable<LatticeYaml['mcp']>[string]>;

/** Servers that a workflow names without saying where they are; addresses from the documentation of oh-my-opencode 4.19. */
const KNOWN: Readonly<Record<string, Record<string, unknown>>> = {
  context7: { type: 'remote', url: 'https://mcp.context7.com/mcp' },
  websearch: { type: 'remote', url: 'https://mcp.exa.ai/mcp?tools=web_search_exa' },
  websearch_exa: { type: 'remote', url: 'https://mcp.exa.ai/mcp?tools=web_search_exa' },
  grep_app: { type: 'remote', url: 'https://mcp.grep.app' },
  filesystem: { type: 'local', command: ['npx', '-y', '@modelcontextprotocol/server-filesystem', '.'] },
  memory: { type: 'local', command: ['npx', '-y', '@modelcontextprotocol/server-memory'] },
};

/** The `mcp` section of opencode.json, and the servers that nothing is known about. */
export function openCodeServers(sections: LatticeYaml['mcp']): {
  servers: Record<string, unknown>;
  unknown: string[];
} {
  const servers: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, section] of Object.entries(sections ?? {})) {
    const server = openCodeServer(name, section ?? {});
    if (server === undefined) unknown.push(name);
    servers[name] = { ...server, enabled: section?.enabled ?? true };
  }
  return { servers, unknown };
}

function openCodeServer(name: string, section: McpSection): Record<string, unknown> | undefined {
  if (section.command !== undefined) {
    const words = typeof section.command === 'string' ? splitWords(section.command) : [...section.command];
    const environment = Object.entries(section.env ?? {}).map(([key, value]) => [
      key,
      openCodeVariables(value),
    ]);
    return {
      type: 'local',
      command: [...words, ...(section.args ?? [])].map(openCodeVariables),
      ...(environment.length === 0 ? {} : { environment: Object.fromEntries(environment) }),
    };
  }
  if (section.url !== undefined) {
    const headers = headersOf(section.headers);
    return {
      type: 'remote',
      url: openCodeVariables(section.url),
      ...(headers === undefined ? {} : { headers }),
    };
  }
  return Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
}

function headersOf(headers: unknown): Record<string, string> | undefined {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  const entries = Object.entries(headers).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, openCodeVariables(value)]] : [],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
