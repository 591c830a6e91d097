import type { NatsConnection } from '@nats-io/nats-core';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { Signing } from '../signing/signing.ts';
import { Follower } from './follow.ts';
import { type LogEntry, StateChain } from './state-chain.ts';

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
  readonly #signing: Signing | undefined;

  constructor(options: { nc: NatsConnection; names: LatticeNames; signing: Signing | undefined }) {
    this.#nc = options.nc;
    this.#names = options.names;
    this.#signing = options.signing;
  }

  /** Starts with the present state, when there is one. */
  watch(workId: string, listener: (entry: LogEntry) => void): Disposable {
    let isOver = false;
    const chain = new StateChain(workId, this.#signing);
    // A signed state counts only as the end of its whole log.
    const from = this.#signing?.isOn ? 'all' : 'last_per_subject';
    const follower = Follower.start({
      nc: this.#nc,
      stream: this.#names.eventsStream,
      filter: this.#names.workState(workId),
      from,
      onMessage: (message) => {
        const step = chain.take(message);
        if (step && chain.entry && !isOver) listener(chain.entry);
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
