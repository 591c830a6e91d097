import type { Activity } from '../../src-shared/protocol/activity.ts';
import { fitActivity, joinActivity } from '../../src-shared/protocol/activity-join.ts';
import type { InvokeReport } from '../../src-shared/protocol/invoke.ts';

type Content = InvokeReport['report'];

const MAX_TEXT = 65_536;

/** Puts what a run says into few messages: text that comes close together travels together, the order stays. */
export class ReportStream {
  readonly #send: (report: InvokeReport) => void;
  readonly #flushMs: number;
  #text = '';
  #activity: Activity | undefined;
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;
  #ended = false;

  constructor(send: (report: InvokeReport) => void, flushMs = 30) {
    this.#send = send;
    this.#flushMs = flushMs;
  }

  push(report: Content): void {
    if (this.#ended) return;
    if (report.type === 'activity') {
      if (this.#text !== '') this.flush();
      for (const piece of fitActivity(report.activity)) this.#take(piece);
      return;
    }
    if (report.type !== 'output') {
      this.flush();
      this.#emit(report);
      return;
    }
    if (this.#activity) this.flush();
    this.#text += report.text;
    while (this.#text.length >= MAX_TEXT) this.#cut(MAX_TEXT);
    if (this.#text !== '') this.#later();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text !== '') this.#cut(this.#text.length);
    const activity = this.#activity;
    this.#activity = undefined;
    if (activity) this.#emit({ type: 'activity', activity });
  }

  /** Sends what is left; what comes later is dropped. */
  end(): void {
    if (this.#ended) return;
    this.flush();
    this.#ended = true;
  }

  #take(next: Activity): void {
    const joined = this.#activity && joinActivity(this.#activity, next);
    if (this.#activity && !joined) this.flush();
    this.#activity = joined ?? next;
    this.#later();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => this.flush(), this.#flushMs);
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
