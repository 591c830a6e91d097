import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { type Loose, list, loose, text } from './formats/loose.ts';
import type { WireFormat } from './wire-format.ts';

/** A call as a client sent it. */
export interface ClientRequest {
  readonly format: WireFormat;
  /** With the `?`; empty without one. */
  readonly query: string;
  readonly json: string;
  readonly body: Loose;
  readonly model: string;
  readonly stream: boolean;
  /** Headers that the provider of the same format has to see. */
  readonly passed: Readonly<Record<string, string>>;
}

/** Images travel inside of requests, so they are large. */
const MOST_BYTES = 32 * 1_048_576;
const PASSED_HEADERS = ['anthropic-version', 'anthropic-beta', 'openai-beta', 'user-agent', 'accept'];

const envelopeSchema = z.looseObject({
  model: z.string().min(1).max(300),
  stream: z.boolean().nullish(),
});

/** Reads the body of a call. @throws LatticeError `too_large`, `invalid_input`. */
export async function readClientRequest(
  format: WireFormat,
  incoming: IncomingMessage,
  query: string,
): Promise<ClientRequest> {
  const json = await readJson(incoming);
  const parsed = envelopeSchema.safeParse(parseBody(json));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'body';
    throw new LatticeError(
      'invalid_input',
      `The ${where} of the request: ${issue?.message ?? 'is not valid'}.`,
    );
  }
  const { model, stream } = parsed.data;
  const passed = Object.fromEntries(
    PASSED_HEADERS.flatMap((name) => {
      const value = incoming.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  return { format, query, json, body: parsed.data, model, stream: stream === true, passed };
}

/** What the person said last, for strategies that listen for a word. */
export function lastWords(request: ClientRequest): string | undefined {
  const { messages, input } = request.body;
  if (typeof input === 'string') return input;
  const turns = list(messages ?? input).map(loose);
  const last = turns.findLast((turn) => turn.role === 'user');
  if (last === undefined) return undefined;
  return (
    text(last.content) ??
    list(last.content)
      .map((part) => text(loose(part).text) ?? '')
      .join('\n')
  );
}

function parseBody(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new LatticeError('invalid_input', 'The body of the request is not JSON.', { cause });
  }
}

async function readJson(incoming: IncomingMessage): Promise<string> {
  const encoding = incoming.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new LatticeError('invalid_input', `The gateway does not read bodies packed with ${encoding}.`);
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection outlives a body that is too large, so that the client hears why.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES)
      throw new LatticeError('too_large', `A request may have ${MOST_BYTES / 1_048_576} MB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
