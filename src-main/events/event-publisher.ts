import type { NatsConnection } from '@nats-io/nats-core';
import { type CloudEvent, EVENT_TYPE_PREFIX } from '../../src-shared/protocol/event.ts';
import type { EventKind, LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { StationSource } from '../../src-shared/protocol/work-change.ts';
import { newId } from '../work/ids.ts';
import { StreamPublisher } from '../work/publisher.ts';

const BATCH = 100;
const BATCH_MS = 100;
const RETRY_MS = 250;
/** Events that may wait for a hub that is away; older ones are left out, which is an event of its own. */
const MAX_WAITING = 100_000;

export interface EventPublisherOptions {
  nc: NatsConnection;
  names: LatticeNames;
  /** Who speaks; the hub lets a station speak in its own name only. */
  from: StationSource;
  now?: () => Date;
}

interface Waiting {
  subject: string;
  event: CloudEvent;
}

/**
 * Puts station, agent, task and config events into the log: a batch when 100 wait or 100 ms have passed, one
 * event after the other, so that a disconnect neither loses nor reorders what this source says.
 */
export class EventPublisher implements AsyncDisposable {
  readonly #options: EventPublisherOptions;
  readonly #now: () => Date;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #dropped = 0;
  #closing = false;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** Events that were left out because the hub was away for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes an event; returns at once. `type` is a subject token, as in `offline`. */
  emit(kind: EventKind, type: string, data: Record<string, unknown>): void {
    if (this.#closing) return;
    this.#waiting.push(this.#make(kind, type, data));
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.#dropped++;
    }
    if (this.#waiting.length >= BATCH) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), BATCH_MS);
  }

  /** Resolves when everything that waits is in the log, or the connection is closed. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#options.nc.isClosed()) {
      this.#send();
      await this.#sending;
    }
  }

  #make(kind: EventKind, type: string, data: Record<string, unknown>): Waiting {
    const { names, from } = this.#options;
    const event: CloudEvent = {
      specversion: '1.0',
      id: newId(),
      source: from.source,
      type: `${EVENT_TYPE_PREFIX}${kind}.${type}`,
      time: this.#now().toISOString(),
      datacontenttype: 'application/json',
      stationid: from.station_id,
      stationname: from.station_name,
      data,
    };
    return { subject: names.events(from.station_id, kind, type), event };
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    const { nc } = this.#options;
    const publisher = StreamPublisher.of(nc);
    let reported = this.#dropped;
    for (let next = this.#waiting[0]; next && !nc.isClosed(); next = this.#waiting[0]) {
      try {
        await publisher.publish(next.subject, Buffer.from(JSON.stringify(next.event)), { id: next.event.id });
        if (this.#waiting[0] === next) this.#waiting.shift();
        if (this.#dropped > reported) {
          this.#waiting.unshift(this.#make('station', 'events_dropped', { count: this.#dropped - reported }));
          reported = this.#dropped;
        }
      } catch {
        if (this.#closing) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Sends what waits; gives up at the first event that the hub does not take. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.#send();
    await this.#sending;
    clearTimeout(this.#timer);
  }
}
