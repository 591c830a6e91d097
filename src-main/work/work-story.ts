import { type JsMsg, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
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
import { isBy, signerOfSaid } from './said-signature.ts';
import { StateChain, type StateMessage } from './state-chain.ts';

/** A message that is missing between two others may come on the other subject within this time, in milliseconds. */
const GAP_MS = 250;
/** Messages that may wait for the state that says who speaks. */
const MAX_EARLY = 10_000;

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
  /** Called for each message of a dead attempt that was left out. */
  onRefused?(): void;
}

/**
 * Tells the whole story of a work in order, from its first byte, and goes on live until its outcome, which
 * comes last. What a dead attempt says late is left out. @throws LatticeError `not_found`, `cancelled`.
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
      // One follower a subject: an old server takes no filter that is wider than the subjects of the stream.
      ...(await Promise.all(
        [names.workOutput(workId), names.workProgress(workId)].map((filter) =>
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
  readonly #lastSaid = new Map<string, number>();
  readonly #chain: StateChain;
  /** Who ran which attempt. */
  readonly #stations = new Map<number, string>();
  #early: JsMsg[] = [];
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
  }

  hearState(message: StateMessage): void {
    const part = this.#chain.take(message);
    if (!part || part.record.revision <= this.#revision) return;
    for (const { attempt, station_id } of part.record.attempts) this.#stations.set(attempt, station_id);
    this.#revision = part.record.revision;
    this.#attempt = Math.max(this.#attempt, part.record.attempt);
    const state: StoryPart = { kind: 'state', ...part };
    if (isEnded(part.record.status)) {
      this.#outcome = state;
      void this.#findEnd();
    } else this.#ready.push(state);
    for (const message of this.#early.splice(0)) this.#take(message);
    this.#release();
  }

  hearSaid(message: JsMsg): void {
    this.#lastSaid.set(message.subject, message.seq);
    this.#take(message);
    this.#release();
  }

  #take(message: JsMsg): void {
    const { seq, subject, data, time } = message;
    const { signing, onRefused } = this.#options;
    const said = parseLine(seq, subject, data);
    if (!said) {
      onRefused?.();
      return;
    }
    const { attempt, order } = said;
    if (signing?.isOn && !this.#stations.has(attempt)) {
      // Who runs the attempt is in the other stream, which comes by itself.
      if (this.#early.length < MAX_EARLY) this.#early.push(message);
      else onRefused?.();
      return;
    }
    const signer = signerOfSaid(signing, message, { attempt, seq: order }, time);
    const counts = signer === undefined || isBy(signing, signer, subject, this.#stations.get(attempt));
    if (!counts || !this.#merge.push(said)) onRefused?.();
  }

  statesRead(): void {
    if (this.#revision === 0)
      this.fail(
        new LatticeError('not_found', `The lattice knows no work ${this.#options.workId}.`, {
          hint: 'See the list with: lattice work list',
        }),
      );
  }

  fail(error: unknown): void {
    this.#failure ??= error;
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
      for (const subject of [names.workOutput(workId), names.workProgress(workId)]) {
        const last = await jsm.direct.getMessage(names.outputStream, { last_by_subj: subject });
        if (last) ends.set(subject, last.seq);
      }
      this.#drainTo = ends;
    } catch (error) {
      this.fail(LatticeError.from(error, 'not_connected'));
    }
    this.#notify?.();
  }
}

function parseLine(seq: number, subject: string, data: Uint8Array): Said | undefined {
  const value = parseJson(data);
  if (subject.endsWith('.progress')) {
    const parsed = progressMessageSchema.safeParse(value);
    if (!parsed.success) return undefined;
    const { attempt, time, progress } = parsed.data;
    const line = { seq, time, attempt, kind: 'progress' as const, text: progress.message ?? '', progress };
    return { attempt, order: parsed.data.seq, line };
  }
  const parsed = outputMessageSchema.safeParse(value);
  if (!parsed.success) return parseActivity(seq, value);
  const { attempt, time, text, dropped } = parsed.data;
  const note = dropped === undefined ? '' : `\n[${dropped} characters left out: the hub was too slow]\n`;
  return { attempt, order: parsed.data.seq, line: { seq, time, attempt, kind: 'output', text: text + note } };
}

function parseActivity(seq: number, value: unknown): Said | undefined {
  const parsed = activityMessageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { attempt, time, activity } = parsed.data;
  const line = { seq, time, attempt, kind: 'activity' as const, text: activityText(activity), activity };
  return { attempt, order: parsed.data.seq, line };
}
