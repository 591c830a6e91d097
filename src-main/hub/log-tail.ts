import { type FileHandle, open, stat } from 'node:fs/promises';

const FIRST_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;
const MAX_LINE = 16_384;

export interface LogTailOptions {
  file: string;
  /** Milliseconds between two looks; file events miss changes on some systems, so this looks. */
  pollMs: number;
  onLines: (lines: string[]) => void;
}

/** Follows a log file that its writer may rotate or that may not be there yet. */
export class LogTail implements AsyncDisposable {
  readonly #options: LogTailOptions;
  #handle: FileHandle | undefined;
  #inode: number | undefined;
  #offset = 0;
  #rest = '';
  #decoder = new TextDecoder();
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: LogTailOptions) {
    this.#options = options;
  }

  /** Begins with the last 64 KiB of what is there, at a whole line. */
  async start(): Promise<void> {
    if (this.#timer) return;
    this.#timer = setInterval(() => void this.read(), this.#options.pollMs);
    this.#timer.unref();
    if (this.#handle === undefined) await this.#serial(() => this.#openAtEnd());
    await this.read();
  }

  /** Reads what came since the last look. */
  read(): Promise<void> {
    return this.#serial(() => this.#readNew());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#serial(() => this.#close());
  }

  #serial(step: () => Promise<void>): Promise<void> {
    this.#reading = this.#reading.then(step, step).catch(() => undefined);
    return this.#reading;
  }

  async #openAtEnd(): Promise<void> {
    if (!(await this.#open())) return;
    const size = (await this.#handle?.stat())?.size ?? 0;
    if (size <= FIRST_BYTES) return;
    this.#offset = size - FIRST_BYTES;
    const { lines } = await this.#take();
    this.#emit(lines.slice(1));
  }

  async #readNew(): Promise<void> {
    if (this.#handle === undefined && !(await this.#open())) return;
    await this.#drain();
    const now = await stat(this.#options.file).catch(() => undefined);
    if (now === undefined) return;
    if (now.ino === this.#inode && now.size >= this.#offset) return;
    await this.#drain();
    await this.#close();
    if (await this.#open()) await this.#drain();
  }

  async #drain(): Promise<void> {
    for (;;) {
      const { lines, bytes } = await this.#take();
      this.#emit(lines);
      if (bytes === 0) return;
    }
  }

  async #take(): Promise<{ lines: string[]; bytes: number }> {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = (await this.#handle?.read(buffer, 0, CHUNK_BYTES, this.#offset)) ?? {
      bytesRead: 0,
    };
    this.#offset += bytesRead;
    const parts = (this.#rest + this.#decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split(
      '\n',
    );
    this.#rest = (parts.pop() ?? '').slice(0, MAX_LINE);
    return { lines: parts.map((line) => line.replace(/\r$/, '').slice(0, MAX_LINE)), bytes: bytesRead };
  }

  #emit(lines: string[]): void {
    if (lines.length > 0) this.#options.onLines(lines);
  }

  async #open(): Promise<boolean> {
    this.#handle = await open(this.#options.file, 'r').catch(() => undefined);
    this.#inode = (await this.#handle?.stat())?.ino;
    this.#offset = 0;
    this.#rest = '';
    this.#decoder = new TextDecoder();
    return this.#handle !== undefined;
  }

  async #close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
