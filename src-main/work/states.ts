import type { NatsConnection } from '@nats-io/nats-core';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import { Follower } from './follow.ts';
import { type LogEntry, parseWorkEvent } from './log.ts';

/**
 * Tells the states of single works as the log has them. A plain subscription would not do: it also hears what
 * the log then refuses, such as the outcome of a dead attempt.
 */
export interface WorkStates {
  watch(workId: string, listener: (entry: LogEntry) => void): Disposable;
}

/** Reads the log for each watched work by itself: for a process that watches a few and keeps no board. */
export class SingleStates implements WorkStates {
  readonly #nc: NatsConnection;
  readonly #names: LatticeNames;

  constructor(options: { nc: NatsConnection; names: LatticeNames }) {
    this.#nc = options.nc;
    this.#names = options.names;
  }

  /** Starts with the present state, when there is one. */
  watch(workId: string, listener: (entry: LogEntry) => void): Disposable {
    let isOver = false;
    const follower = Follower.start({
      nc: this.#nc,
      stream: this.#names.eventsStream,
      filter: this.#names.workState(workId),
      from: 'last_per_subject',
      onMessage: ({ seq, data }) => {
        const record = parseWorkEvent(data)?.record;
        if (record && !isOver) listener({ seq, record });
      },
    }).catch(() => undefined);
    return {
      [Symbol.dispose]: () => {
        isOver = true;
        void follower.then((started) => started?.[Symbol.asyncDispose]()).catch(() => undefined);
      },
    };
  }
}
