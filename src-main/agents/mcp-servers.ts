import { expandValues } from '../../src-shared/lattice-yaml/env.ts';
import type { McpServer } from './runner.ts';

/** Servers with the variables in their settings filled in; only now, so that no secret is kept in a definition. */
export function withVariables(servers: readonly McpServer[], own: NodeJS.ProcessEnv): McpServer[] {
  return servers.map(({ name, start }) => ({
    name,
    start:
      start.kind === 'stdio'
        ? { ...start, env: expandValues(start.env, own) }
        : { ...start, headers: expandValues(start.headers, own) },
  }));
}
