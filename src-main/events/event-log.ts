import { type JetStreamManager, type JsMsg, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { shortType } from '../../src-shared/protocol/event.ts';
import { EVENT_KINDS, type LatticeNames } from '../../src-shared/protocol/subjects.ts';
import {
  type AuditEvent,
  auditEventOf,
  type EventFilter,
  matchesFilter,
  mismatchOf,
} from '../../src-shared/views/event.ts';
import { Follower, type FollowFrom, readAll } from '../work/follow.ts';
import { parseJson } from '../work/json.ts';

/** The most events one query gives. */
const MAX_LIMIT = 10_000;
/** How far back the first look for recent events goes, in messages for each one wanted. */
const LOOK_BACK = 4;
/** Refused events that are remembered, so that reading the log again does not tell them again. */
const MAX_REFUSED = 10_000;

export interface EventLogOptions {
  nc: NatsConnection;
  names: LatticeNames;
  /** Called once for each event that does not count, with who said it and why. */
  onRefused?(refusal: { station: string | undefined; why: string }): void;
}

export interface EventQuery extends EventFilter {
  /** The first time that counts. */
  since?: Date;
  /** The last time that counts. */
  until?: Date;
  limit?: number;
}

export interface EventFollowOptions extends EventFilter {
  /** Where to begin; `new` when it is absent. */
  from?: Exclude<FollowFrom, 'last_per_subject'>;
  onEvent(event: AuditEvent): void;
  /** Called once, when everything that was there has been told. */
  onCaughtUp?(): void;
}

/** The audit log: all events of the lattice in one order, to query, to follow and to replay. */
export class EventLog {
  readonly #nc: NatsConnection;
  readonly #names: LatticeNames;
  readonly #onRefused: EventLogOptions['onRefused'];
  readonly #refused = new Set<number>();
  #jsm: Promise<JetStreamManager> | undefined;

  constructor(options: EventLogOptions) {
    this.#nc = options.nc;
    this.#names = options.names;
    this.#onRefused = options.onRefused;
  }

  /** Events that match, oldest first: from `since` on, or the most recent ones when it is absent. */
  async query(query: EventQuery): Promise<AuditEvent[]> {
    const limit = Math.min(query.limit ?? 1_000, MAX_LIMIT);
    if (query.since || query.work !== undefined) {
      const from: FollowFrom = query.since ? { time: query.since } : 'all';
      const found = await this.#collect(query, from);
      return query.since ? found.slice(0, limit) : found.slice(-limit);
    }
    const { first_seq, last_seq } = (await (await this.#manager()).streams.info(this.#names.eventsStream))
      .state;
    for (let back = limit * LOOK_BACK; ; back *= LOOK_BACK) {
      const seq = Math.max(first_seq, last_seq - back + 1);
      const found = await this.#collect(query, { seq });
      if (found.length >= limit || seq <= first_seq) return found.slice(-limit);
    }
  }

  /** One event whole, with the record of its work; undefined when the log does not have it any more. */
  async read(seq: number): Promise<unknown> {
    const message = await (await this.#manager()).direct.getMessage(this.#names.eventsStream, { seq });
    return message ? parseJson(message.data) : undefined;
  }

  /** Tells events that match in order, what was there first and then live. @throws when the log cannot be read. */
  async follow(options: EventFollowOptions): Promise<AsyncDisposable> {
    const { onEvent, onCaughtUp, from = 'new' } = options;
    return Follower.start({
      nc: this.#nc,
      stream: this.#names.eventsStream,
      filter: this.#subject(options),
      from,
      onMessage: (message) => {
        const event = this.#eventOf(message);
        if (event && matchesFilter(event, options)) onEvent(event);
      },
      ...(onCaughtUp ? { onCaughtUp } : {}),
    });
  }

  async #collect(query: EventQuery, from: FollowFrom): Promise<AuditEvent[]> {
    const found: AuditEvent[] = [];
    const until = query.until?.getTime() ?? Number.POSITIVE_INFINITY;
    const take = (message: JsMsg) => {
      const event = this.#eventOf(message);
      if (event && Date.parse(event.time) <= until && matchesFilter(event, query)) found.push(event);
    };
    await readAll(this.#nc, this.#names.eventsStream, this.#subject(query), take, from);
    return found;
  }

  /** The narrowest single subject that holds what a filter wants. */
  #subject({ work, type: whole }: EventFilter): string {
    const type = whole === undefined ? undefined : shortType(whole);
    if (work !== undefined && !type?.startsWith('agent')) return this.#names.workState(work);
    if (work === undefined && type?.startsWith('work.')) return this.#names.workStateAll;
    const kind = work === undefined && EVENT_KINDS.find((each) => type?.startsWith(`${each}.`));
    return kind ? this.#names.eventsOf(kind) : '>';
  }

  /** The event of a message, when it is said by who may say it. */
  #eventOf({ seq, subject, data }: JsMsg): AuditEvent | undefined {
    const event = auditEventOf(seq, parseJson(data));
    const why = event ? mismatchOf(subject, event) : 'it is no event';
    if (why === undefined) return event;
    if (!this.#refused.has(seq)) {
      if (this.#refused.size >= MAX_REFUSED) this.#refused.clear();
      this.#refused.add(seq);
      this.#onRefused?.({ station: speakerOf(subject), why });
    }
    return undefined;
  }

  #manager(): Promise<JetStreamManager> {
    this.#jsm ??= jetstreamManager(this.#nc, { checkAPI: false });
    return this.#jsm;
  }
}

/** The station in the subject of an event; the state of a work names none. */
function speakerOf(subject: string): string | undefined {
  const [, , , plane, id] = subject.split('.');
  return plane === 'events' ? id : undefined;
}
