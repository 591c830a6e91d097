/** The longest line that can be a message, in characters; a longer one is text. */
export const MAX_LINE_CHARS = 8 * 1024 * 1024;

/** A part of what a program prints: text to show, or a whole line that may be a message. */
export type OutputPiece = { kind: 'text'; text: string } | { kind: 'line'; line: string };

/**
 * Splits what a program prints. Only a line that begins with `{` is held until it is complete; everything else is passed
 * on as it comes, so output without line ends needs no memory.
 */
export class OutputSplitter {
  #state: 'start' | 'line' | 'text' = 'start';
  #held: string[] = [];
  #heldChars = 0;
  #oversized: string | undefined;

  /** The beginning of the last line that was too long to be a message. */
  get oversized(): string | undefined {
    return this.#oversized;
  }

  /** Takes what was printed next. */
  push(chunk: string): OutputPiece[] {
    const pieces: OutputPiece[] = [];
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf('\n', from);
      const to = newline === -1 ? chunk.length : newline + 1;
      this.#take(chunk.slice(from, to), newline !== -1, pieces);
      from = to;
    }
    return pieces;
  }

  /** What is left when the program has ended; the last line needs no line end. */
  end(): OutputPiece[] {
    const rest = this.#release();
    if (rest === '') return [];
    return this.#state === 'line' ? [{ kind: 'line', line: rest }] : [{ kind: 'text', text: rest }];
  }

  #take(part: string, ends: boolean, pieces: OutputPiece[]): void {
    if (this.#state === 'text') {
      pieces.push({ kind: 'text', text: part });
      if (ends) this.#state = 'start';
      return;
    }
    this.#held.push(part);
    this.#heldChars += part.length;
    const first = this.#state === 'start' ? part.trimStart()[0] : '{';
    if (first === '{') this.#state = 'line';
    const isText = first === undefined ? ends : first !== '{';
    if (isText || this.#heldChars > MAX_LINE_CHARS) {
      const text = this.#release();
      if (first === '{') this.#oversized = text.slice(0, 200);
      pieces.push({ kind: 'text', text });
      this.#state = ends ? 'start' : 'text';
    } else if (ends) {
      pieces.push({ kind: 'line', line: this.#release() });
      this.#state = 'start';
    }
  }

  #release(): string {
    const text = this.#held.join('');
    this.#held = [];
    this.#heldChars = 0;
    return text;
  }
}
