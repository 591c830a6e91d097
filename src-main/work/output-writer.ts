import type { NatsConnection } from '@nats-io/nats-core';
import type { Activity } from '../../src-shared/protocol/activity.ts';
import { fitActivity, joinActivity, looseText } from '../../src-shared/protocol/activity-join.ts';
import type { Report } from '../../src-shared/protocol/invoke.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { SaidMessage } from '../../src-shared/protocol/work-output.ts';
import type { Signing } from '../signing/signing.ts';
import { newId } from './ids.ts';
import { StreamPublisher } from './publisher.ts';

/** Text is joined up to this size before it is stored, in characters. */
const CHUNK = 32_768;
/** Text that may wait for a slow hub, in characters; what goes beyond is left out and counted. */
const MAX_WAITING = 8 * 1024 ** 2;
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 10_000;
/** The pause doubles each time this many messages were stored, so that a long run fits its subject. */
const DOUBLE_EVERY = 1_000;
const RETRY_MS = 250;

type Waiting =
  | { kind: 'output'; text: string; dropped: number }
  | { kind: 'activity'; activity: Activity }
  | { kind: 'progress'; progress: Omit<Extract<Report, { type: 'progress' }>, 'type'> };

export interface OutputWriterOptions {
  nc: NatsConnection;
  names: LatticeNames;
  workId: string;
  attempt: number;
  /** The station that runs it and speaks. */
  station: string;
  signing?: Signing | undefined;
  now?: () => Date;
}

/** Stores what one attempt says: in order, one message at a time, joined while the hub is busy, bounded. */
export class OutputWriter {
  readonly #options: OutputWriterOptions;
  readonly #now: () => Date;
  /** A stream takes an id once, so nobody else may guess the next. */
  readonly #id = newId();
  #waiting: Waiting[] = [];
  #waitingText = 0;
  /** Characters of activities that found no room and are not told yet. */
  #leftOut = 0;
  #seq = 0;
  #writing: Promise<void> | undefined;
  #pause: { end: () => void; timer: NodeJS.Timeout } | undefined;
  #closing = false;
  #aborted = false;

  constructor(options: OutputWriterOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** Takes what a run reports; returns at once. */
  report(report: Report): void {
    if (this.#closing) return;
    if (report.type === 'output') this.#takeText(report.text);
    else if (report.type === 'activity')
      for (const piece of fitActivity(report.activity)) this.#takeActivity(piece);
    else {
      const { type: _, ...progress } = report;
      const last = this.#waiting.at(-1);
      if (last?.kind === 'progress') last.progress = progress;
      else this.#waiting.push({ kind: 'progress', progress });
    }
    this.#writing ??= this.#write();
  }

  /** Stores what is left. With `abort` the rest is forgotten: the attempt is not ours any more. */
  async close(options: { abort?: boolean } = {}): Promise<void> {
    this.#closing = true;
    this.#sayLeftOut();
    this.#aborted ||= options.abort === true;
    this.#pause?.end();
    await this.#writing;
  }

  /** Text that finds no room is left out and counted like plain output; a plan, a tool or a bill is always kept. */
  #takeActivity(activity: Activity): void {
    const length = looseText(activity);
    if (length > MAX_WAITING - this.#waitingText) {
      this.#leftOut += length;
      return;
    }
    this.#sayLeftOut();
    this.#waitingText += length;
    const last = this.#waiting.at(-1);
    const joined = last?.kind === 'activity' ? joinActivity(last.activity, activity) : undefined;
    if (last?.kind === 'activity' && joined) last.activity = joined;
    else this.#waiting.push({ kind: 'activity', activity });
  }

  #sayLeftOut(): void {
    if (this.#leftOut === 0) return;
    const text = `${this.#leftOut} characters left out: the hub was too slow`;
    this.#leftOut = 0;
    this.#waiting.push({ kind: 'activity', activity: { kind: 'notice', level: 'warning', text } });
  }

  #takeText(text: string): void {
    const room = MAX_WAITING - this.#waitingText;
    const kept = text.slice(0, Math.max(0, room));
    const dropped = text.length - kept.length;
    this.#waitingText += kept.length;
    const last = this.#waiting.at(-1);
    if (last?.kind === 'output' && last.text.length + kept.length <= CHUNK && last.dropped === 0) {
      last.text += kept;
      last.dropped = dropped;
      return;
    }
    if (last?.kind === 'output' && kept === '') {
      last.dropped += dropped;
      return;
    }
    for (let at = 0; at < kept.length || at === 0; at += CHUNK)
      this.#waiting.push({ kind: 'output', text: kept.slice(at, at + CHUNK), dropped: 0 });
    const end = this.#waiting.at(-1);
    if (end?.kind === 'output') end.dropped = dropped;
  }

  async #write(): Promise<void> {
    await this.#rest();
    for (let next = this.#waiting.shift(); next && !this.#aborted; next = this.#waiting.shift()) {
      if (next.kind === 'output') this.#waitingText -= next.text.length;
      else if (next.kind === 'activity') this.#waitingText -= looseText(next.activity);
      await this.#store(next);
      const full = this.#waiting.length > 1;
      if (!full) await this.#rest();
    }
    this.#writing = undefined;
  }

  /** Waits a little, so that more text comes into one message; the longer a run, the longer. */
  async #rest(): Promise<void> {
    if (this.#closing) return;
    const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.floor(this.#seq / DOUBLE_EVERY));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#pause = { end, timer };
    });
    this.#pause = undefined;
  }

  async #store(next: Waiting): Promise<void> {
    const { names, workId, attempt, station, nc, signing } = this.#options;
    const seq = ++this.#seq;
    const said = { attempt, seq, time: this.#now().toISOString() };
    const message = messageOf(next, said);
    const subject =
      next.kind === 'progress' ? names.workProgress(workId, station) : names.workOutput(workId, station);
    const payload = Buffer.from(JSON.stringify(message));
    while (!this.#aborted && !nc.isClosed()) {
      try {
        const id = `${this.#id}.${seq}`;
        const lines = signing?.lines({ kind: 'said', subject, id, attempt, buildsOn: seq }, payload) ?? '';
        await StreamPublisher.of(nc).publish(subject, payload, { id, lines });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

function messageOf(next: Waiting, said: { attempt: number; seq: number; time: string }): SaidMessage {
  if (next.kind === 'progress') return { ...said, progress: withoutAbsent(next.progress) };
  if (next.kind === 'activity') return { ...said, activity: next.activity };
  return { ...said, text: next.text, ...(next.dropped > 0 ? { dropped: next.dropped } : {}) };
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
