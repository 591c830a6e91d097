import type { Readable, Writable } from 'node:stream';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { isMap } from '../../../src-shared/lattice-yaml/merge.ts';

/** The longest message that is taken, in characters; a longer line is left out. */
const MAX_LINE_CHARS = 16 * 1024 ** 2;
const TOO_LONG = 'A line was longer than 16 MiB.';

export interface AcpStreamOptions {
  stdout: Readable;
  stdin: Writable;
  /** Each message read is a sign of life. */
  onMessage(): void;
  /** The parameters of an update of the session; they come before the answer that follows them is passed on. */
  onUpdate(params: unknown): void;
  /** A line that is no message; the first 200 characters of it. */
  onRubbish(line: string): void;
  /** Resolves when there is room for more updates; undefined when there is room now. */
  room(): Promise<void> | undefined;
}

/**
 * The pipes of a runtime as a stream of ACP messages. Lines that are none are left out and told, and no faster is read
 * than what was read is taken.
 */
export function acpStream(options: AcpStreamOptions): Stream {
  const { stdin } = options;
  const asked = new Set<unknown>();
  const messages = readMessages(options, asked);
  const readable = new ReadableStream<AnyMessage>(
    {
      async pull(controller) {
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
  { stdout, onMessage, onUpdate, onRubbish, room }: AcpStreamOptions,
  asked: Set<unknown>,
): AsyncGenerator<AnyMessage, undefined> {
  for await (const line of linesOf(stdout)) {
    if (line.trim() === '') continue;
    const message = parse(line);
    // An answer to nothing would only confuse the connection.
    const isStray = message !== undefined && !('method' in message) && !asked.delete(message.id);
    if (message === undefined || isStray) {
      onRubbish(line.slice(0, 200));
      continue;
    }
    onMessage();
    if (!('method' in message) || message.method !== 'session/update') yield message;
    else {
      onUpdate(message.params);
      const waiting = room();
      if (waiting !== undefined) await waiting;
    }
  }
  return undefined;
}

async function* linesOf(stdout: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  const take = (): string | undefined => {
    const line = length > MAX_LINE_CHARS ? undefined : parts.join('');
    parts = [];
    length = 0;
    return line;
  };
  const add = (part: string) => {
    length += part.length;
    if (length <= MAX_LINE_CHARS) parts.push(part);
  };
  try {
    for await (const chunk of stdout) {
      const [first = '', ...lines] = decoder.decode(chunk, { stream: true }).split('\n');
      add(first);
      for (const next of lines) {
        yield take() ?? TOO_LONG;
        add(next);
      }
    }
  } catch {
    // The pipe was closed before its end; what came until then counts.
  }
  yield take() ?? TOO_LONG;
}

function parse(line: string): AnyMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isMessage(value) ? value : undefined;
}

/** By hand, since a runtime may send a million of them. */
function isMessage(value: unknown): value is AnyMessage {
  if (!isMap(value) || value.jsonrpc !== '2.0') return false;
  const { id, method, result, error } = value;
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') return false;
  if (method !== undefined) return typeof method === 'string';
  if (id === undefined) return false;
  if (error === undefined) return result !== undefined;
  return isMap(error) && typeof error.code === 'number' && typeof error.message === 'string';
}
