import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { LatticeError } from '../../../src-shared/errors.ts';
import { isMap } from '../../../src-shared/lattice-yaml/merge.ts';
import { keepOwnDescriptors } from '../../system/own-descriptors.ts';
import { VERSION } from '../../version.ts';
import type { McpServer } from '../runner.ts';

const START_MS = 30_000;
const CALL_MS = 600_000;
const MAX_TOOLS = 500;
const MAX_PAGES = 20;
const MAX_SCHEMA_CHARS = 64_000;
const MAX_RESULT_CHARS = 200_000;

/** Read loosely: a server that says something wrong about a tool loses that tool, not the run. */
const listSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const toolSchema = z.looseObject({
  name: z.string().min(1).max(200),
  description: z.string().optional(),
  inputSchema: z.unknown().optional(),
});
const resultSchema = z.looseObject({
  content: z.array(z.unknown()).optional(),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});

/** A tool of a server, under a name that every model takes. */
export interface HostedTool {
  /** `server_tool`, of letters, digits, `_` and `-`. */
  name: string;
  server: string;
  tool: string;
  description: string;
  /** JSON Schema; always of an object. */
  inputSchema: Record<string, unknown>;
}

export interface ToolHostOptions {
  servers: readonly McpServer[];
  /** The working folder of servers that are started. */
  cwd: string;
  /** The environment of servers that are started; their own variables come on top. */
  env: Readonly<Record<string, string>>;
  /** Put before the command of a server, for what the platform can keep from it. */
  wrapper: readonly string[];
  /** What is wrong with a server, in words. */
  onProblem(text: string): void;
}

/** Connections to servers of tools during one run. Disposing it ends the servers that it started. */
export class ToolHost implements AsyncDisposable {
  readonly tools: readonly HostedTool[];
  readonly #clients: ReadonlyMap<string, Client>;

  /** Connects to all servers; one that cannot be used is a problem, and the others stay. */
  static async open(options: ToolHostOptions): Promise<ToolHost> {
    const clients = new Map<string, Client>();
    const found: HostedTool[] = [];
    const opened = await Promise.all(options.servers.map((server) => openServer(server, options)));
    for (const each of opened) {
      if (each === undefined) continue;
      clients.set(each.server, each.client);
      found.push(...each.tools);
    }
    return new ToolHost(clients, withOwnNames(found));
  }

  private constructor(clients: ReadonlyMap<string, Client>, tools: readonly HostedTool[]) {
    this.#clients = clients;
    this.tools = tools;
  }

  /** Calls a tool; the answer as text. @throws LatticeError `agent_failed` when the tool fails, `timeout`. */
  async call(tool: HostedTool, input: unknown, signal: AbortSignal): Promise<string> {
    const client = this.#clients.get(tool.server);
    if (client === undefined) throw new LatticeError('not_found', `The server ${tool.server} is gone.`);
    // Not callTool: it refuses an answer that does not fit what the server itself promised.
    const answer = await client.request(
      { method: 'tools/call', params: { name: tool.tool, arguments: isMap(input) ? input : {} } },
      resultSchema,
      { signal, timeout: CALL_MS },
    );
    const text = cut(textOf(answer));
    if (answer.isError === true) throw new LatticeError('agent_failed', text || `${tool.tool} failed.`);
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close().catch(() => undefined)));
  }
}

async function openServer(
  server: McpServer,
  options: ToolHostOptions,
): Promise<{ server: string; client: Client; tools: HostedTool[] } | undefined> {
  const client = new Client({ name: 'lattice', version: VERSION });
  // A server may say whatever it likes on its pipe; what is no message is left out.
  client.onerror = () => undefined;
  try {
    await client.connect(transportOf(server, options), { timeout: START_MS });
    const tools = await listTools(client, server.name, options.onProblem);
    return { server: server.name, client, tools };
  } catch (error) {
    await client.close().catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    options.onProblem(`The tools of ${server.name} cannot be used: ${reason}`);
    return undefined;
  }
}

function transportOf({ start }: McpServer, { cwd, env, wrapper }: ToolHostOptions): Transport {
  if (start.kind === 'http') {
    const requestInit = { headers: { ...start.headers } };
    // The SDK's types leave out that its optional fields may be undefined.
    return new StreamableHTTPClientTransport(new URL(start.url), { requestInit }) as Transport;
  }
  const [command = '', ...args] = [...wrapper, ...start.command];
  keepOwnDescriptors();
  return new StdioClientTransport({ command, args, cwd, env: { ...env, ...start.env }, stderr: 'ignore' });
}

async function listTools(
  client: Client,
  server: string,
  onProblem: (text: string) => void,
): Promise<HostedTool[]> {
  const tools: HostedTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const list = await client.request({ method: 'tools/list', params }, listSchema, { timeout: START_MS });
    for (const each of list.tools) {
      const tool = readTool(server, each, onProblem);
      if (tool !== undefined && tools.length < MAX_TOOLS) tools.push(tool);
    }
    cursor = list.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

function readTool(server: string, value: unknown, onProblem: (text: string) => void): HostedTool | undefined {
  const parsed = toolSchema.safeParse(value).data;
  if (parsed === undefined) {
    onProblem(`The server ${server} describes a tool that cannot be read; it is left out.`);
    return undefined;
  }
  const { name: tool, description = '', inputSchema } = parsed;
  const usable = isUsable(inputSchema);
  if (!usable)
    onProblem(`The server ${server} says nothing usable about the arguments of ${tool}; any are taken.`);
  return {
    name: `${server}_${tool}`,
    server,
    tool,
    description: description.slice(0, 4_000),
    inputSchema: usable ? inputSchema : { type: 'object', additionalProperties: true },
  };
}

function isUsable(schema: unknown): schema is Record<string, unknown> {
  if (!isMap(schema) || schema.type !== 'object') return false;
  if (schema.properties !== undefined && !isMap(schema.properties)) return false;
  return JSON.stringify(schema).length <= MAX_SCHEMA_CHARS;
}

/** Names as models take them, each once. */
function withOwnNames(tools: readonly HostedTool[]): HostedTool[] {
  const taken = new Set<string>();
  return tools.map((tool) => {
    const plain = tool.name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 60);
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain}_${n}`;
    taken.add(name);
    return { ...tool, name };
  });
}

function textOf({ content, structuredContent }: z.infer<typeof resultSchema>): string {
  const parts = (content ?? []).map((part) => {
    if (!isMap(part)) return '';
    if (part.type === 'text') return String(part.text ?? '');
    return `[${String(part.type)}]`;
  });
  const text = parts.join('\n').trim();
  if (text !== '' || structuredContent === undefined) return text;
  return JSON.stringify(structuredContent);
}

function cut(text: string): string {
  return text.length <= MAX_RESULT_CHARS
    ? text
    : `${text.slice(0, MAX_RESULT_CHARS)}\n… The rest was left out.`;
}
