import type { Readable, Writable } from 'node:stream';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { z } from 'zod';

/** The longest message that is taken, in characters; a longer line is left out. */
const MAX_LINE_CHARS = 16 * 1024 ** 2;

const idSchema = z.union([z.string().max(1_000), z.number(), z.null()]);
const messageSchema = z.union([
  z.looseObject({ jsonrpc: z.literal('2.0'), id: idSchema.optional(), method: z.string() }),
  z.looseObject({
    jsonrpc: z.literal('2.0'),
    id: idSchema,
    result: z.unknown().refine((v) => v !== undefined),
  }),
  z.looseObject({
    jsonrpc: z.literal('2.0'),
    id: idSchema,
    error: z.looseObject({ code: z.number(), message: z.string() }),
  }),
]);

export interface AcpStreamOptions {
  stdout: Readable;
  stdin: Writable;
  /** Each message read is a sign of life. */
  onMessage(): void;
  /** A line that is no message; the first 200 characters of it. */
  onRubbish(line: string): void;
  /** Resolves when there is room for what the next message says; undefined when there is room now. */
  room(): Promise<void> | undefined;
}

/**
 * The pipes of a runtime as a stream of ACP messages. Lines that are none are left out and told, and no faster is read
 * than what was read is taken.
 */
export function acpStream(options: AcpStreamOptions): Stream {
  const { stdin, room } = options;
  const asked = new Set<unknown>();
  const messages = readMessages(options, asked);
  const readable = new ReadableStream<AnyMessage>(
    {
      async pull(controller) {
        await room();
        const { value, done } = await messages.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        options.stdout.destroy();
      },
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<AnyMessage>({
    write(message) {
      if ('id' in message && 'method' in message) asked.add(message.id);
      return new Promise<void>((resolve) => {
        // A runtime that does not read must not hold back what we do; it is noticed by its silence.
        stdin.write(`${JSON.stringify(message)}\n`, () => resolve());
      });
    },
  });
  return { readable, writable };
}

async function* readMessages(
  { stdout, onMessage, onRubbish }: AcpStreamOptions,
  asked: Set<unknown>,
): AsyncGenerator<AnyMessage, undefined> {
  for await (const line of linesOf(stdout)) {
    if (line.trim() === '') continue;
    const message = parse(line);
    // An answer to nothing would only confuse the connection.
    const isStray = message !== undefined && !('method' in message) && !asked.delete(message.id);
    if (message === undefined || isStray) {
      onRubbish(line.slice(0, 200));
    } else {
      onMessage();
      yield message;
    }
  }
  return undefined;
}

async function* linesOf(stdout: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  try {
    for await (const chunk of stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!isTooLong) yield line;
        isTooLong = false;
      }
      if (rest.length <= MAX_LINE_CHARS) continue;
      if (!isTooLong) yield rest.slice(0, 200);
      isTooLong = true;
      rest = '';
    }
  } catch {
    // The pipe was closed before its end; what came until then counts.
  }
  if (!isTooLong && rest !== '') yield rest;
}

function parse(line: string): AnyMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data as AnyMessage | undefined;
  } catch {
    return undefined;
  }
}
