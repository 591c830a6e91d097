import { type JsMsg, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import { type LatticeNames, senderOf } from '../../src-shared/protocol/subjects.ts';
import { isEnded, type WorkRecord } from '../../src-shared/protocol/work.ts';
import type { WorkEvent } from '../../src-shared/protocol/work-change.ts';
import {
  activityMessageSchema,
  outputMessageSchema,
  progressMessageSchema,
} from '../../src-shared/protocol/work-output.ts';
import { activityText } from '../../src-shared/views/activity-words.ts';
import type { WorkLine } from '../../src-shared/views/work.ts';
import type { Signing } from '../signing/signing.ts';
import { Follower } from './follow.ts';
import { parseJson } from './json.ts';
import { type Said, SaidMerge } from './said-merge.ts';
import { isSaidBySender } from './said-signature.ts';
import { type SaidRefusal, Speakers } from './speakers.ts';
import { StateChain, type StateMessage } from './state-chain.ts';

/** A message that is missing between two others may come on the other subject within this time, in milliseconds. */
const GAP_MS = 250;

/** Part of the story of a work: a change of state, or something an attempt said. */
export type StoryPart =
  | { kind: 'state'; event: WorkEvent; record: WorkRecord }
  | { kind: 'said'; line: WorkLine };

export interface WorkStoryOptions {
  nc: NatsConnection;
  names: LatticeNames;
  workId: string;
  signing?: Signing | undefined;
  signal?: AbortSignal;
  /** Called for each message that was left out: of a dead attempt, or of a station that does not hold it. */
  onRefused?(refusal: SaidRefusal): void;
}

/**
 * Tells the whole story of a work in order, from its first byte, and goes on live until its outcome, which
 * comes last. What a dead attempt says late, or who does not hold it, is left out. @throws LatticeError `not_found`, `cancelled`.
 */
export async function* workStory(options: WorkStoryOptions): AsyncGenerator<StoryPart, void, void> {
  const { nc, names, workId, signal } = options;
  const story = new Story(options);
  const followers: Follower[] = [];
  const onAbort = () => story.fail(new LatticeError('cancelled', `Watching work ${workId} was stopped.`));
  signal?.addEventListener('abort', onAbort);
  void nc.closed().then(() => story.fail(new LatticeError('not_connected', 'The connection was closed.')));
  try {
    followers.push(
      await Follower.start({
        nc,
        stream: names.eventsStream,
        filter: names.workState(workId),
        from: 'all',
        onMessage: (message) => story.hearState(message),
        onCaughtUp: () => story.statesRead(),
      }),
    );
    // Who may speak for an attempt is known before anything that was said is read.
    await story.begun;
    followers.push(
      // One follower a subject: an old server takes no filter that is wider than the subjects of the stream.
      ...(await Promise.all(
        [names.workOutputAll(workId), names.workProgressAll(workId)].map((filter) =>
          Follower.start({
            nc,
            stream: names.outputStream,
            filter,
            from: 'all',
            onMessage: (message) => story.hearSaid(message),
          }),
        ),
      )),
    );
    if (signal?.aborted) onAbort();
    yield* story.parts();
  } finally {
    signal?.removeEventListener('abort', onAbort);
    story[Symbol.dispose]();
    for (const follower of followers) await follower[Symbol.asyncDispose]();
  }
}

/** Joins the two streams of a work: an attempt speaks after it was accepted, and the outcome comes last. */
class Story implements Disposable {
  readonly #options: WorkStoryOptions;
  readonly #ready: StoryPart[] = [];
  readonly #merge = new SaidMerge();
  readonly #speakers: Speakers;
  readonly #lastSaid = new Map<string, number>();
  readonly #chain: StateChain;
  /** Resolves when the states that were there are read, or never will be. */
  readonly begun: Promise<void>;
  #begin: () => void = () => undefined;
  #attempt = 0;
  #revision = 0;
  #outcome: StoryPart | undefined;
  #drainTo: ReadonlyMap<string, number> | undefined;
  #failure: unknown;
  #notify: (() => void) | undefined;
  #gap: NodeJS.Timeout | undefined;

  constructor(options: WorkStoryOptions) {
    this.#options = options;
    this.#chain = new StateChain(options.workId, options.signing);
    this.#speakers = new Speakers((refusal) => options.onRefused?.(refusal));
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  hearState(message: StateMessage): void {
    const part = this.#chain.take(message);
    if (!part || part.record.revision <= this.#revision) return;
    this.#revision = part.record.revision;
    this.#attempt = Math.max(this.#attempt, part.record.attempt);
    for (const said of this.#speakers.learn(part.record)) this.#take(said);
    const state: StoryPart = { kind: 'state', ...part };
    if (isEnded(part.record.status)) {
      this.#outcome = state;
      void this.#findEnd();
    } else this.#ready.push(state);
    this.#release();
  }

  hearSaid(message: JsMsg): void {
    const { seq, subject, data, time } = message;
    this.#lastSaid.set(kindOf(subject), seq);
    const said = parseLine(seq, subject, data);
    if (!said)
      this.#options.onRefused?.({
        station: senderOf(subject),
        why: 'it is not in the form of what a work says',
      });
    else if (isSaidBySender(this.#options.signing, message, { ...said, seq: said.order }, time))
      for (const one of this.#speakers.hear(said)) this.#take(one);
    this.#release();
  }

  #take(said: Said): void {
    const { attempt, station } = said;
    if (!this.#merge.push(said))
      this.#options.onRefused?.({ station, why: `attempt ${attempt} said it twice or too late` });
  }

  statesRead(): void {
    if (this.#revision === 0)
      this.fail(
        new LatticeError('not_found', `The lattice knows no work ${this.#options.workId}.`, {
          hint: 'See the list with: lattice work list',
        }),
      );
    this.#begin();
  }

  fail(error: unknown): void {
    this.#failure ??= error;
    this.#begin();
    this.#notify?.();
  }

  async *parts(): AsyncGenerator<StoryPart, void, void> {
    for (;;) {
      for (let part = this.#ready.shift(); part; part = this.#ready.shift()) yield part;
      if (this.#outcome && this.#isDrained()) {
        for (const line of this.#merge.take(Number.POSITIVE_INFINITY, true)) yield { kind: 'said', line };
        yield this.#outcome;
        return;
      }
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }

  /** Lets through what is next; a gap is closed by what comes on the other subject, or by time. */
  #release(closeGap = false): void {
    clearTimeout(this.#gap);
    const upTo = this.#outcome ? Number.POSITIVE_INFINITY : this.#attempt;
    for (const line of this.#merge.take(upTo, closeGap)) this.#ready.push({ kind: 'said', line });
    if (this.#merge.size > 0) this.#gap = setTimeout(() => this.#release(true), GAP_MS);
    this.#notify?.();
  }

  #isDrained(): boolean {
    if (!this.#drainTo) return false;
    return [...this.#drainTo].every(([subject, seq]) => (this.#lastSaid.get(subject) ?? 0) >= seq);
  }

  /** Ends the waiting for a gap. */
  [Symbol.dispose](): void {
    clearTimeout(this.#gap);
  }

  /** The worker stores what a run said before the outcome, so the last message that is there now is the last. */
  async #findEnd(): Promise<void> {
    const { nc, names, workId } = this.#options;
    try {
      const jsm = await jetstream(nc).jetstreamManager(false);
      const ends = new Map<string, number>();
      for (const subject of [names.workOutputAll(workId), names.workProgressAll(workId)]) {
        const last = await jsm.direct.getMessage(names.outputStream, { last_by_subj: subject });
        if (last) ends.set(kindOf(subject), last.seq);
      }
      this.#drainTo = ends;
    } catch (error) {
      this.fail(LatticeError.from(error, 'not_connected'));
    }
    this.#notify?.();
  }
}

/** `progress` or `output`: the token before the station. */
function kindOf(subject: string): string {
  return subject.split('.').at(-2) ?? '';
}

function parseLine(seq: number, subject: string, data: Uint8Array): Said | undefined {
  const value = parseJson(data);
  const station = senderOf(subject);
  if (kindOf(subject) === 'progress') {
    const parsed = progressMessageSchema.safeParse(value);
    if (!parsed.success) return undefined;
    const { attempt, time, progress } = parsed.data;
    const line = { seq, time, attempt, kind: 'progress' as const, text: progress.message ?? '', progress };
    return { attempt, station, order: parsed.data.seq, line };
  }
  const parsed = outputMessageSchema.safeParse(value);
  if (!parsed.success) return parseActivity(seq, station, value);
  const { attempt, time, text, dropped } = parsed.data;
  const note = dropped === undefined ? '' : `\n[${dropped} characters left out: the hub was too slow]\n`;
  const line = { seq, time, attempt, kind: 'output' as const, text: text + note };
  return { attempt, station, order: parsed.data.seq, line };
}

function parseActivity(seq: number, station: string, value: unknown): Said | undefined {
  const parsed = activityMessageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { attempt, time, activity } = parsed.data;
  const line = { seq, time, attempt, kind: 'activity' as const, text: activityText(activity), activity };
  return { attempt, station, order: parsed.data.seq, line };
}
