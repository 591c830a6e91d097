import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import type { NatsAuth, NatsTls } from '../../src-shared/protocol/auth.ts';
import type { NatsContextList, NatsContextView } from '../../src-shared/views/nats-context.ts';
import { parseServerUrl } from '../mesh/server-url.ts';
import {
  blockerOf,
  factsOf,
  type NatsContextFile,
  notesOf,
  parseContext,
  tlsOf,
  wayOf,
} from './nats-context-file.ts';

/** Where a context leads, and how to get in there. */
export interface ContextTarget {
  url: string;
  auth: NatsAuth;
  tls: NatsTls;
  inboxPrefix?: string;
  /** The JetStream domain that the server has to be of. */
  domain?: string;
}

const MAX_BYTES = 65_536;
const MAX_CONTEXTS = 1_000;
const DEFAULT_URL = 'nats://127.0.0.1:4222';

/** Every context of the nats command line on this machine, the broken ones with what is wrong; no secret is in it. */
export async function listContexts(env: NodeJS.ProcessEnv): Promise<NatsContextList> {
  const folder = join(configDir(env), 'context');
  const selected = await selectedContext(env);
  const entries = await readdir(folder).catch(() => []);
  const names = entries
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => entry.slice(0, -'.json'.length))
    .sort()
    .slice(0, MAX_CONTEXTS);
  const contexts = await Promise.all(names.map((name) => viewOf(name, name === selected, env)));
  return { folder, ...(selected === undefined ? {} : { selected }), contexts };
}

/**
 * Reads a context by its name.
 * @throws LatticeError `not_found`, `invalid_input`, or `unsupported` for what we cannot do as the context says.
 */
export async function readContext(name: string, env: NodeJS.ProcessEnv): Promise<ContextTarget> {
  const context = await load(name, env);
  const blocker = blockerOf(context);
  if (blocker !== undefined)
    throw new LatticeError('unsupported', `The context ${name} cannot be used here.`, { hint: blocker });
  return {
    url: context.url === '' ? DEFAULT_URL : context.url,
    auth: wayOf(context).auth,
    tls: tlsOf(context),
    ...(context.inbox_prefix === '' ? {} : { inboxPrefix: context.inbox_prefix }),
    ...(context.jetstream_domain === '' ? {} : { domain: context.jetstream_domain }),
  };
}

/** The context that the nats command line uses by itself. @throws LatticeError `not_found` when there is none. */
export async function requireSelected(env: NodeJS.ProcessEnv): Promise<string> {
  const selected = await selectedContext(env);
  if (selected !== undefined) return selected;
  throw new LatticeError('not_found', 'No context of the nats command line is selected.', {
    hint: 'Name one; lattice contexts lists them. nats context select chooses one.',
  });
}

async function viewOf(name: string, selected: boolean, env: NodeJS.ProcessEnv): Promise<NatsContextView> {
  const file = fileOf(name, env);
  try {
    const context = await load(name, env);
    const problem = blockerOf(context) ?? unreadableUrl(context);
    return {
      name,
      file,
      selected,
      ...(context.description === '' ? {} : { description: context.description.slice(0, 200) }),
      ...(unreadableUrl(context) === undefined ? { url: shownUrl(context) } : {}),
      auth: wayOf(context).words.slice(0, 100),
      facts: factsOf(context),
      notes: notesOf(context),
      ...(problem === undefined ? {} : { problem }),
    };
  } catch (thrown) {
    const { message } = LatticeError.from(thrown);
    return { name, file, selected, auth: '', facts: [], notes: [], problem: message };
  }
}

function shownUrl({ url }: NatsContextFile): string {
  return parseServerUrl(url === '' ? DEFAULT_URL : url).shown;
}

function unreadableUrl(context: NatsContextFile): string | undefined {
  try {
    shownUrl(context);
    return undefined;
  } catch (thrown) {
    return LatticeError.from(thrown).message;
  }
}

async function load(name: string, env: NodeJS.ProcessEnv): Promise<NatsContextFile> {
  const file = fileOf(name, env);
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile())
    throw new LatticeError('not_found', `There is no context ${name} of the nats command line.`, {
      hint: `It would be ${file}. lattice contexts lists those that are there.`,
    });
  if (info.size > MAX_BYTES)
    throw new LatticeError('invalid_input', `${file} is larger than 64 KB. A context needs a few lines.`);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LatticeError('io_failed', `${file} cannot be read.`, { hint: 'Check its permissions.', cause });
  });
  return parseContext(text, file);
}

/** The context that the nats command line uses by itself. */
async function selectedContext(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = env.NATS_CONTEXT?.trim();
  if (named) return named;
  const file = join(configDir(env), 'context.txt');
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile() || info.size > 1_000) return undefined;
  const text = (await readFile(file, 'utf8').catch(() => '')).trim();
  return text === '' ? undefined : text;
}

function fileOf(name: string, env: NodeJS.ProcessEnv): string {
  if (name === '' || name.length > 200 || name.includes('..') || /[/\\\0]/.test(name))
    throw new LatticeError('invalid_input', 'This is no name of a context.', {
      hint: 'lattice contexts lists those that are there.',
    });
  return join(configDir(env), 'context', `${name}.json`);
}

function configDir(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'nats');
}
