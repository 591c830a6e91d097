import { isAbsolute } from 'node:path';
import { type ClientApp, client, RequestError } from '@agentclientprotocol/sdk';
import { LatticeError } from '../../../src-shared/errors.ts';
import type { ActivityReporter } from '../activity-reporter.ts';
import type { Permission, Permissions } from '../permissions.ts';
import {
  type PermissionAsked,
  permissionRequestSchema,
  readUpdate,
  type ToolMessage,
} from './acp-messages.ts';
import { readTextIn, resolveInFolder, writeTextIn } from './client-files.ts';
import type { ClientTerminals } from './client-terminals.ts';
import type { kindOf, UpdateMap } from './update-map.ts';

export interface AcpClientOptions {
  /** The working folder, a real path. */
  dir: string;
  updates: UpdateMap;
  reporter: ActivityReporter;
  permissions: Permissions;
  terminals: ClientTerminals;
  /** Hears each activity before it is reported. */
  onUpdate(update: ReturnType<UpdateMap['map']>): void;
  /** A message of a known kind that cannot be understood. */
  onMalformed(): void;
}

/** Our side of the protocol. */
export interface AcpClient {
  /** Answers permission requests, and does what a runtime asks in its folder. */
  app: ClientApp;
  /** Takes the parameters of an update of the session. */
  update(params: unknown): void;
}

/** Makes our side of the protocol for one run. */
export function acpClient(options: AcpClientOptions): AcpClient {
  const { dir, updates, reporter, permissions, terminals } = options;
  const granted = new Map<string, string>();
  const asIs = (params: unknown) => params;

  const decide = async (kind: string, subject: string, title: string): Promise<void> => {
    if ([...granted.values()].includes(kind)) return;
    const permission = await permissions.decide({ kind, subject, title });
    if (permission !== 'allowed') throw new LatticeError('unsafe', `It is not allowed to ${title}.`);
  };

  const update = (params: unknown): void => {
    const read = readUpdate(params);
    if (read === 'other') return;
    if (read === 'malformed') {
      options.onMalformed();
      return;
    }
    const activity = updates.map(read);
    options.onUpdate(activity);
    if (activity === undefined) return;
    if (activity.kind === 'tool' && activity.status !== 'pending' && activity.status !== 'running')
      granted.delete(activity.id);
    reporter.add(activity);
  };

  const app = client({ name: 'lattice' })
    .onRequest('session/request_permission', asIs, async ({ params }) => {
      const asked = permissionRequestSchema.safeParse(params).data;
      if (asked === undefined) throw RequestError.invalidParams();
      const tool = updates.tool(asked.toolCall);
      reporter.add(tool);
      const kind = tool.tool_kind;
      const subject = subjectOf(asked.toolCall, tool.title);
      const permission = await permissions.decide({ kind, subject, title: wants(kind, tool.title, subject) });
      if (permission === 'allowed') granted.set(tool.id, kind);
      if (permission === 'denied') reporter.add(updates.refuse(asked.toolCall));
      return { outcome: outcomeOf(permission, asked) };
    })
    .onRequest('fs/read_text_file', async ({ params: { path, line, limit } }) => ({
      content: await asked(readTextIn(dir, path, { line, limit })),
    }))
    .onRequest('fs/write_text_file', async ({ params: { path, content } }) => {
      await asked(resolveInFolder(dir, path));
      await asked(decide('edit', path, `write ${path}`));
      await asked(writeTextIn(dir, path, content));
      return {};
    })
    .onRequest('terminal/create', async ({ params }) => {
      const { command, args = [], env = [], cwd, outputByteLimit } = params;
      const line = [command, ...args].join(' ');
      const folder = await asked(resolveInFolder(dir, cwd ?? dir));
      await asked(decide('execute', line, `run ${line}`));
      const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
      const limit = outputByteLimit ?? undefined;
      return {
        terminalId: await asked(terminals.create({ command, args, env: variables, cwd: folder, limit })),
      };
    })
    .onRequest('terminal/output', async ({ params }) =>
      asked(async () => terminals.output(params.terminalId)),
    )
    .onRequest('terminal/wait_for_exit', ({ params }) => asked(terminals.wait(params.terminalId)))
    .onRequest('terminal/kill', async ({ params }) => {
      await asked(terminals.kill(params.terminalId));
      return {};
    })
    .onRequest('terminal/release', async ({ params }) => {
      await asked(terminals.release(params.terminalId));
      return {};
    });
  return { app, update };
}

/** Our errors as the protocol's, so that the runtime reads why. */
async function asked<T>(work: Promise<T> | (() => Promise<T>)): Promise<T> {
  try {
    return await (typeof work === 'function' ? work() : work);
  } catch (thrown) {
    const error = LatticeError.from(thrown);
    throw new RequestError(error.code === 'not_found' ? -32002 : -32603, error.message);
  }
}

function outcomeOf(permission: Permission, { options }: PermissionAsked) {
  const pick = (...kinds: readonly string[]) =>
    kinds.flatMap((kind) => options.filter((option) => option.kind === kind))[0];
  // "Always" is remembered here and only for this run; the runtime must not keep it.
  const option =
    permission === 'allowed'
      ? pick('allow_once', 'allow_always')
      : permission === 'denied'
        ? pick('reject_once', 'reject_always')
        : undefined;
  if (option === undefined) return { outcome: 'cancelled' as const };
  return { outcome: 'selected' as const, optionId: option.optionId };
}

/** What a tool call is about: the command as it will run, else the first path, else its title. */
function subjectOf({ rawInput, locations }: ToolMessage, title: string): string {
  if (typeof rawInput === 'object' && rawInput !== null) {
    for (const name of ['command', 'cmd', 'filePath', 'file_path', 'path', 'url']) {
      const value = (rawInput as Record<string, unknown>)[name];
      if (typeof value === 'string') return value;
      if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(' ');
    }
  }
  return locations?.[0]?.path ?? title;
}

const VERBS: Readonly<Record<string, string>> = {
  read: 'read',
  edit: 'change',
  delete: 'delete',
  move: 'move',
  search: 'search',
  execute: 'run',
  fetch: 'fetch',
};

function wants(kind: ReturnType<typeof kindOf> & string, title: string, subject: string): string {
  const verb = VERBS[kind] ?? 'use';
  const what = kind === 'other' || kind === 'think' ? title : subject;
  return isAbsolute(what) || what === title ? `${verb} ${what}` : `${verb} ${what} (${title})`;
}
