import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const KEEP_FILES = 14;
const MAX_BYTES = 10 * 1024 * 1024;
const NAME = /^lattice-\d{4}-\d{2}-\d{2}(-\d{3})?\.log$/;

export interface LogFileOptions {
  folder: string;
  now?: () => Date;
  /** A file that is longer than this is followed by another of the same day, in bytes. */
  maxBytes?: number;
}

/** A log that begins a new file each day or when one gets long, and keeps the newest 14. */
export class LogFile implements Disposable {
  readonly #folder: string;
  readonly #now: () => Date;
  readonly #maxBytes: number;
  #day = '';
  #part = 0;
  #descriptor: number | undefined;
  #bytes = 0;

  constructor(options: LogFileOptions) {
    this.#folder = options.folder;
    this.#now = options.now ?? (() => new Date());
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  /** The file that is written now. */
  get path(): string {
    const day = this.#day === '' ? dayOf(this.#now()) : this.#day;
    const part = this.#part === 0 ? '' : `-${String(this.#part).padStart(3, '0')}`;
    return join(this.#folder, `lattice-${day}${part}.log`);
  }

  /** Appends a line; a disk that refuses it must not stop the app, so that is only told on stderr. */
  write(line: string): void {
    try {
      this.#roll();
      if (this.#descriptor !== undefined) this.#bytes += writeSync(this.#descriptor, line);
    } catch (error) {
      process.stderr.write(`The log cannot be written: ${String(error)}\n${line}`);
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #roll(): void {
    const day = dayOf(this.#now());
    if (day !== this.#day) {
      this.#day = day;
      this.#part = 0;
      this.#open();
    } else if (this.#descriptor === undefined) this.#open();
    while (this.#bytes >= this.#maxBytes && this.#part < 999) {
      this.#part += 1;
      this.#open();
    }
  }

  #open(): void {
    this[Symbol.dispose]();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#descriptor = openSync(this.path, 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
    const files = readdirSync(this.#folder).filter((name) => NAME.test(name));
    const oldestFirst = files.map((name) => name.slice(0, -'.log'.length)).sort();
    for (const stem of oldestFirst.slice(0, -KEEP_FILES))
      rmSync(join(this.#folder, `${stem}.log`), { force: true });
  }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
