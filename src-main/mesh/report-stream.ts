import type { InvokeReport } from '../../src-shared/protocol/invoke.ts';

type Content = InvokeReport['report'];

const MAX_TEXT = 65_536;

/** Puts what a run says into few messages: text that comes close together travels together, the order stays. */
export class ReportStream {
  readonly #send: (report: InvokeReport) => void;
  readonly #flushMs: number;
  #text = '';
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;
  #ended = false;

  constructor(send: (report: InvokeReport) => void, flushMs = 30) {
    this.#send = send;
    this.#flushMs = flushMs;
  }

  push(report: Content): void {
    if (this.#ended) return;
    if (report.type !== 'output') {
      this.flush();
      this.#emit(report);
      return;
    }
    this.#text += report.text;
    while (this.#text.length >= MAX_TEXT) this.#cut(MAX_TEXT);
    if (this.#text !== '') this.#timer ??= setTimeout(() => this.flush(), this.#flushMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text !== '') this.#cut(this.#text.length);
  }

  /** Sends what is left; what comes later is dropped. */
  end(): void {
    if (this.#ended) return;
    this.flush();
    this.#ended = true;
  }

  #cut(length: number): void {
    const text = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    this.#emit({ type: 'output', text });
  }

  #emit(report: Content): void {
    this.#send({ kind: 'report', seq: this.#seq++, time: new Date().toISOString(), report });
  }
}
