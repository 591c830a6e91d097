import type { DraftReading } from '../../../../src-shared/routing-editor/draft-reading.ts';
import type { DraftLayer } from '../../../../src-shared/routing-editor/layers.ts';
import type { ReplayReport } from '../../../../src-shared/routing-editor/replay-draft.ts';
import type { FromReader, ToReader } from './reader-messages.ts';

type ReplayOrder = Omit<Extract<ToReader, { kind: 'replay' }>, 'kind' | 'id'>;

interface ReplayHearing {
  progress(share: number): void;
  done(report: ReplayReport): void;
}

/** Reads texts and replays calls on a thread of its own, so that the window never waits. */
export class Reader implements Disposable {
  readonly #worker: Worker;
  readonly #onReading: (reading: DraftReading) => void;
  #busy = false;
  #next: { layers: readonly DraftLayer[]; revision: number; last: DraftReading | undefined } | undefined;
  #read: DraftReading | undefined;
  #replay: { id: number; hearing: ReplayHearing } | undefined;

  constructor(onReading: (reading: DraftReading) => void) {
    this.#onReading = onReading;
    this.#worker = new Worker(new URL('./reader-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromReader>) => this.#hear(data));
  }

  /** Reads these texts; of several that wait only the newest is read. `last` stands in for what cannot be read. */
  read(layers: readonly DraftLayer[], revision: number, last: DraftReading | undefined): void {
    this.#next = { layers, revision, last: last === this.#read ? undefined : last };
    this.#advance();
  }

  /** Replays calls; a replay that still runs ends without an answer. */
  replay(order: ReplayOrder, hearing: ReplayHearing): void {
    const id = (this.#replay?.id ?? 0) + 1;
    this.#replay = { id, hearing };
    this.#post({ kind: 'replay', id, ...order });
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #advance(): void {
    if (this.#busy || this.#next === undefined) return;
    this.#busy = true;
    this.#post({ kind: 'read', ...this.#next });
    this.#next = undefined;
  }

  #hear(message: FromReader): void {
    if (message.kind === 'reading') {
      this.#busy = false;
      this.#read = message.reading;
      this.#onReading(message.reading);
      this.#advance();
    } else if (message.id === this.#replay?.id) {
      if (message.kind === 'progress') this.#replay.hearing.progress(message.share);
      else this.#replay.hearing.done(message.report);
    }
  }

  #post(message: ToReader): void {
    this.#worker.postMessage(message);
  }
}
