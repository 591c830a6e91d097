/** What is kept of a program's output, in bytes; as a result it still fits a message of 8 MiB. */
const MAX_OUTPUT_BYTES = 7 * 1024 * 1024;

/** Keeps the beginning of a text and says when it was cut. */
export class OutputBuffer {
  readonly #parts: string[] = [];
  #bytes = 0;
  #cut = false;

  add(text: string): void {
    if (this.#cut) return;
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes <= MAX_OUTPUT_BYTES) {
      this.#parts.push(text);
      this.#bytes += bytes;
      return;
    }
    const room = Buffer.from(text).subarray(0, MAX_OUTPUT_BYTES - this.#bytes);
    this.#parts.push(room.toString().replace(/\uFFFD$/, ''));
    this.#cut = true;
  }

  /** The text without its last line end. */
  toString(): string {
    const text = this.#parts.join('').replace(/\r?\n$/, '');
    return this.#cut ? `${text}\n… The output was longer than 7 MiB; the rest was left out.` : text;
  }
}

/** Keeps the end of a stream of bytes. */
export class OutputTail {
  readonly #limit: number;
  #bytes = Buffer.alloc(0);

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]).subarray(-this.#limit);
  }

  toString(): string {
    return this.#bytes.toString().trim();
  }
}
