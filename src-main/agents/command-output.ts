import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../../src-shared/protocol/invoke.ts';
import { type CommandMessage, readMessage, resultText } from './command-message.ts';
import { OutputBuffer } from './output-buffer.ts';
import { type OutputPiece, OutputSplitter } from './output-splitter.ts';

/** One output report in UTF-16 units; three bytes each at most, so below 64 KiB. */
const REPORT_CHARS = 21_000;
/** How long stdout may stay silent after the program ended before it counts as held open by somebody else. */
const SILENT_MS = 500;
/** How long reading may go on in all after the program ended. */
const DRAIN_MS = 10_000;

type Request = Extract<CommandMessage, { type: 'question' | 'assign' }>;

export interface CommandOutputOptions {
  stdout: Readable;
  report: (report: Report) => void | Promise<void>;
  /** Takes a question or sub-work; the program is read on when it resolves. */
  onRequest: (request: Request) => Promise<void>;
  /** Resolves when nobody wants reports any more. */
  stopped: Promise<void>;
}

/** Reads what a program prints: messages, and text that is reported as it comes. Reads no faster than reports are taken. */
export class CommandOutput {
  readonly #options: CommandOutputOptions;
  readonly #splitter = new OutputSplitter();
  readonly #kept = new OutputBuffer();
  readonly #reading: Promise<void>;
  readonly #closed: Promise<void>;
  #close: () => void = () => undefined;
  #result: string | undefined;
  #malformed = 0;
  #text = '';
  #heardAt = performance.now();
  #isWaiting = false;

  constructor(options: CommandOutputOptions) {
    this.#options = options;
    this.#closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    this.#reading = this.#read();
  }

  /** The last result the program gave, else all it printed. */
  get result(): string {
    return this.#result ?? this.#kept.toString();
  }

  /** True when the program tried to give a result that is too long for a message. */
  get isResultTooLarge(): boolean {
    return (
      this.#result === undefined && /^\s*\{\s*"type"\s*:\s*"result"/.test(this.#splitter.oversized ?? '')
    );
  }

  /** Reads to the end after the program has ended, but not for ever when another process holds the stream open. */
  async drain(): Promise<void> {
    const end = performance.now() + DRAIN_MS;
    this.#heardAt = performance.now();
    while (!(await this.#endsWithin(SILENT_MS / 5))) {
      const now = performance.now();
      if (now > end || (!this.#isWaiting && now - this.#heardAt > SILENT_MS)) return;
    }
  }

  /** Stops reading, takes what was read as the end, and says how many lines looked like messages but were none. */
  async close(): Promise<void> {
    this.#options.stdout.destroy();
    this.#close();
    await this.#reading;
    if (this.#malformed === 0) return;
    const message = `Lines with a wrong message shape, shown as text: ${this.#malformed}`;
    await this.#report({ type: 'progress', message });
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const timeout = new AbortController();
    const ended = await Promise.race([
      this.#reading.then(() => true),
      delay(ms, false, { signal: timeout.signal }).catch(() => false),
    ]);
    timeout.abort();
    return ended;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.#options.stdout) {
        await this.#take(this.#splitter.push(decoder.decode(chunk, { stream: true })));
        this.#heardAt = performance.now();
      }
    } catch {
      // The stream was closed before its end; what came until then counts.
    }
    await this.#take([...this.#splitter.push(decoder.decode()), ...this.#splitter.end()]);
  }

  async #take(pieces: readonly OutputPiece[]): Promise<void> {
    for (const piece of pieces) {
      if (piece.kind === 'text') {
        this.#text += piece.text;
        continue;
      }
      const message = readMessage(piece.line);
      if (message === 'text' || message === 'malformed') {
        this.#text += piece.line;
        if (message === 'malformed') this.#malformed++;
      } else {
        await this.#handle(message);
      }
    }
    await this.#flush();
  }

  async #handle(message: CommandMessage): Promise<void> {
    if (message.type === 'output') {
      this.#text += message.text;
      return;
    }
    await this.#flush();
    if (message.type === 'result') this.#result = resultText(message.result);
    else if (message.type === 'progress' || message.type === 'activity') await this.#report(message);
    else await this.#wait(this.#options.onRequest(message));
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    this.#kept.add(text);
    for (let from = 0; from < text.length; ) {
      let to = Math.min(text.length, from + REPORT_CHARS);
      if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to--;
      await this.#report({ type: 'output', text: text.slice(from, to) });
      from = to;
    }
  }

  async #report(report: Report): Promise<void> {
    try {
      await this.#wait(this.#options.report(report));
    } catch {
      // A receiver that is gone must not end the program.
    }
  }

  async #wait(until: void | Promise<void>): Promise<void> {
    if (until === undefined) return;
    this.#isWaiting = true;
    try {
      await Promise.race([until, this.#options.stopped, this.#closed]);
    } finally {
      this.#isWaiting = false;
      this.#heardAt = performance.now();
    }
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
