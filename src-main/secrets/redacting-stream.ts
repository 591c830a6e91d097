import type { Redactor } from './redactor.ts';
import type { Span } from './span.ts';

/** A line without an end is written in pieces from this length on, in characters. */
const LONGEST_LINE = 64 * 1024;
/** What is kept of such a line for a secret that goes on in its next piece. */
const KEPT = 8 * 1024;

/** Takes secrets out of a text that comes in pieces, also one that is split between them; whole lines are let go at once. */
export class RedactingStream {
  readonly #redactor: Redactor;
  #pending = '';

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** Takes the next piece and gives what can be told already. */
  push(piece: string): string {
    this.#pending += piece;
    const wanted = this.#safeLength();
    if (wanted <= 0) return '';
    const spans = this.#redactor.find(this.#pending);
    // A secret that goes on where we would stop is told of when it is whole.
    const open = spans.find(([start, end]) => start < wanted && end >= wanted);
    if (open === undefined) return this.#take(spans, wanted);
    // Its whole line is kept, because what stands before a secret can be what tells it.
    const line = this.#pending.slice(0, open[0]).lastIndexOf('\n') + 1;
    return this.#take(spans, this.#pending.length < 4 * LONGEST_LINE ? line : open[1]);
  }

  /** Gives the rest. */
  end(): string {
    return this.#take(this.#redactor.find(this.#pending), this.#pending.length);
  }

  #safeLength(): number {
    const lines = this.#pending.lastIndexOf('\n') + 1;
    if (this.#pending.length - lines <= LONGEST_LINE) return lines;
    return this.#pending.length - Math.max(KEPT, this.#redactor.longest);
  }

  #take(spans: readonly Span[], end: number): string {
    const text = this.#pending;
    this.#pending = text.slice(end);
    return end === 0 ? '' : this.#redactor.blot(text, spans, end);
  }
}
