import {
  type ClientConnection,
  type NewSessionResponse,
  PROTOCOL_VERSION,
  type PromptResponse,
} from '@agentclientprotocol/sdk';
import { LatticeError } from '../../../src-shared/errors.ts';
import { VERSION } from '../../version.ts';
import type { ActivityReporter } from '../activity-reporter.ts';
import type { AcpRun, McpServer } from '../runner.ts';

export interface AcpTurnOptions {
  connection: ClientConnection;
  run: Pick<AcpRun, 'mode' | 'mcp'>;
  /** The working folder, a real path. */
  dir: string;
  blocks: { type: 'text'; text: string }[];
  meta: Record<string, unknown> | undefined;
  /** Milliseconds until the session has to be there. */
  startMs: number;
  reporter: ActivityReporter;
}

/** One prompt to a runtime. */
export interface AcpTurn {
  /** Resolves when the runtime has answered the prompt. */
  done: Promise<{ stopReason: string }>;
  /** Asks the runtime to stop; resolves when it has. Never rejects. */
  cancel(): Promise<void>;
}

/** Opens a session and gives it the prompt. */
export function acpTurn(options: AcpTurnOptions): AcpTurn {
  const { agent } = options.connection;
  let sessionId: string | undefined;
  const opened = within(options.startMs, open(options)).then((id) => {
    sessionId = id;
    return id;
  });
  const done = opened.then((id) =>
    agent.request<PromptResponse>('session/prompt', { sessionId: id, prompt: options.blocks }),
  );
  return {
    done,
    async cancel() {
      if (sessionId === undefined) return;
      await agent.notify('session/cancel', { sessionId }).catch(() => undefined);
      await done.catch(() => undefined);
    },
  };
}

async function open({ connection, run, dir, meta, reporter }: AcpTurnOptions): Promise<string> {
  const { agent } = connection;
  const { agentCapabilities } = await agent.request('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: 'lattice', version: VERSION },
    clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
  });
  const takesHttp = agentCapabilities?.mcpCapabilities?.http === true;
  const left = run.mcp.filter(({ start }) => start.kind === 'http' && !takesHttp);
  for (const { name } of left)
    reporter.notice('warning', `The runtime cannot use the server ${name}: it takes none over HTTP.`);
  const session = await agent.request<NewSessionResponse>('session/new', {
    cwd: dir,
    mcpServers: run.mcp.filter((server) => !left.includes(server)).map(toAcp),
    ...(meta === undefined ? {} : { _meta: meta }),
  });
  if (run.mode !== undefined) await setMode(connection, session, run.mode);
  return session.sessionId;
}

/** A mode can be what keeps an agent from editing, so a run without it must not go on. */
async function setMode(
  { agent }: ClientConnection,
  session: NewSessionResponse,
  mode: string,
): Promise<void> {
  const { sessionId } = session;
  const modes = session.modes?.availableModes.map(({ id }) => id) ?? [];
  if (modes.includes(mode))
    return void (await agent.request('session/set_mode', { sessionId, modeId: mode }));
  const option = session.configOptions?.find(({ id, category }) => category === 'mode' || id === 'mode');
  const values = option?.type === 'select' ? valuesOf(option.options) : [];
  if (option !== undefined && values.includes(mode))
    return void (await agent.request('session/set_config_option', {
      sessionId,
      configId: option.id,
      value: mode,
    }));
  const all = [...new Set([...modes, ...values])];
  throw new LatticeError('invalid_input', `The runtime has no mode ${mode}.`, {
    hint: all.length === 0 ? 'Leave out mode: under run:.' : `It has ${all.join(', ')}.`,
  });
}

function valuesOf(options: unknown): string[] {
  if (!Array.isArray(options)) return [];
  return options.flatMap((option: unknown) => {
    if (typeof option !== 'object' || option === null) return [];
    if ('value' in option && typeof option.value === 'string') return [option.value];
    return 'options' in option ? valuesOf(option.options) : [];
  });
}

function toAcp({ name, start }: McpServer) {
  const pairs = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, value]) => ({ name: key, value }));
  if (start.kind === 'http')
    return { type: 'http' as const, name, url: start.url, headers: pairs(start.headers) };
  const [command, ...args] = start.command;
  return { name, command, args, env: pairs(start.env) };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The runtime did not open a session within ${Math.round(ms / 1_000)} s.`;
      reject(new LatticeError('timeout', message, { hint: 'Check that the program speaks ACP over stdio.' }));
    }, ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
