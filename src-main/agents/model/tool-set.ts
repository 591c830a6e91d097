import { dynamicTool, jsonSchema, type ToolSet } from 'ai';
import { LatticeError } from '../../../src-shared/errors.ts';
import type { ActivityReporter } from '../activity-reporter.ts';
import type { Permissions } from '../permissions.ts';
import type { ModelRun } from '../runner.ts';
import type { HostedTool, ToolHost } from './tool-host.ts';

export interface ToolSetOptions {
  run: Pick<ModelRun, 'tools'>;
  host: ToolHost;
  permissions: Permissions;
  reporter: ActivityReporter;
  signal: AbortSignal;
}

/** The tools a model may call; each call goes through the agent's permissions first. */
export function toolSet({ run, host, permissions, reporter, signal }: ToolSetOptions): ToolSet {
  const tools = host.tools.filter((tool) => isWanted(tool, run.tools));
  for (const wanted of run.tools ?? [])
    if (!tools.some((tool) => isWanted(tool, [wanted])))
      reporter.notice('warning', `There is no tool ${wanted} among the servers of this agent.`);
  return Object.fromEntries(
    tools.map((tool) => [
      tool.name,
      dynamicTool({
        description: tool.description,
        inputSchema: jsonSchema(tool.inputSchema),
        execute: async (input) => {
          const subject = `${tool.server}/${tool.tool}`;
          const title = `use ${subject} with ${JSON.stringify(input ?? {}).slice(0, 2_000)}`;
          const permission = await permissions.decide({ kind: 'mcp', subject, title });
          if (permission !== 'allowed')
            throw new LatticeError('unsafe', 'The user did not allow this tool call.');
          return host.call(tool, input, signal);
        },
      }),
    ]),
  );
}

/** A list names a server, a tool, or `server/tool`, where `*` may stand for the tool. */
function isWanted({ server, tool }: HostedTool, wanted: readonly string[] | undefined): boolean {
  if (wanted === undefined) return true;
  return [server, tool, `${server}/${tool}`, `${server}/*`].some((name) => wanted.includes(name));
}
