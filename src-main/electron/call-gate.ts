import type { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { type CallName, calls, type StreamName, streams } from '../../src-shared/ipc.ts';
import type { LiveSource } from '../../src-shared/live.ts';
import type { AppServices, CallHandlers, ShellCall, ShellStream, StreamSources } from '../app-services.ts';

/** What answers the window: Electron's own part at once, the rest as soon as the services are there. */
export interface GateOptions {
  shell: { calls: Pick<CallHandlers, ShellCall>; streams: Pick<StreamSources, ShellStream> };
  services: Promise<Pick<AppServices, 'calls' | 'streams'>>;
}

export interface OpenedStream {
  source: LiveSource<unknown>;
  key(item: unknown): string;
}

/**
 * Runs one call of the window: the name must be in the contract and the input must fit it.
 * @throws LatticeError `invalid_input`, or what the handler throws.
 */
export async function runCall(gate: GateOptions, name: unknown, input: unknown): Promise<unknown> {
  if (!isNameIn(calls, name)) throw unknownName('call', name);
  const parsed = parse(name, calls[name].input, input);
  const handlers: Partial<CallHandlers> = isNameIn(gate.shell.calls, name)
    ? gate.shell.calls
    : (await gate.services).calls;
  return await (handlers[name] as (input: unknown) => unknown)(parsed);
}

/**
 * Opens the source of one stream for the window.
 * @throws LatticeError `invalid_input`, or what the source throws.
 */
export async function openStream(gate: GateOptions, name: unknown, params: unknown): Promise<OpenedStream> {
  if (!isNameIn(streams, name)) throw unknownName('stream', name);
  const parsed = parse(name, streams[name].params, params);
  const sources: Partial<StreamSources> = isNameIn(gate.shell.streams, name)
    ? gate.shell.streams
    : (await gate.services).streams;
  const open = sources[name] as (params: unknown) => LiveSource<unknown>;
  return { source: open(parsed), key: streams[name].key as (item: unknown) => string };
}

function isNameIn<T extends object>(table: T, name: unknown): name is keyof T {
  return typeof name === 'string' && Object.hasOwn(table, name);
}

function unknownName(kind: string, name: unknown): LatticeError {
  return new LatticeError(
    'invalid_input',
    `There is no ${kind} named ${JSON.stringify(name)?.slice(0, 100)}.`,
  );
}

function parse(name: CallName | StreamName, schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [name, ...(issue?.path ?? [])].join('.');
  throw new LatticeError('invalid_input', `${place}: ${issue?.message ?? 'does not fit'}`, {
    details: { issues: result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) },
  });
}
