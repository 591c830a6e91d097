import { isEnded } from '../../src-shared/protocol/work.ts';
import type { Signing } from '../signing/signing.ts';
import { buildsOn, type LogEntry, StateChain, type StateMessage } from './state-chain.ts';

/** Works that are read from the log at once. */
const MAX_READS = 50;
const MAX_DOUBTED = 1_000;

export interface SignedStatesOptions {
  signing: Signing;
  /** The work as the whole log of it says. */
  read(workId: string): Promise<LogEntry | undefined>;
  onEntry(entry: LogEntry): void;
  onRefused(): void;
}

/** Follows the signed logs of all works: each message counts as the next link of its chain, or its work is read again. */
export class SignedStates implements Disposable {
  readonly #options: SignedStatesOptions;
  readonly #chains = new Map<string, StateChain>();
  readonly #waiting = new Set<string>();
  /** Works with a change that did not count; it may be of a member that the list did not have yet. */
  readonly #doubted = new Set<string>();
  readonly #listening: Disposable;
  #reads = 0;
  #settled: (() => void)[] = [];

  constructor(options: SignedStatesOptions) {
    this.#options = options;
    this.#listening = options.signing.membersChanged.on(() => this.#readDoubted());
  }

  /** Resolves when every work that had to be read was read. */
  settled(): Promise<void> {
    if (this.#reads === 0) return Promise.resolve();
    return new Promise((resolve) => this.#settled.push(resolve));
  }

  /** A work that has not ended, as far as its chain was followed here. */
  proven(workId: string): LogEntry | undefined {
    return this.#chains.get(workId)?.entry;
  }

  take(message: StateMessage): void {
    const { signing, onEntry, onRefused } = this.#options;
    const workId = message.subject.split('.').at(-2) ?? '';
    const known = this.#chains.get(workId);
    if (known && message.seq <= known.lastSeq) return;
    // It comes after something that was not heard here, or proves nothing by itself.
    if (buildsOn(message) !== (known?.lastSeq ?? 0)) {
      this.#read(workId);
      return;
    }
    const chain = known ?? new StateChain(workId, signing);
    const step = chain.take(message);
    if (!step && this.#doubted.size < MAX_DOUBTED) this.#doubted.add(workId);
    if (!step || !chain.entry) onRefused();
    else onEntry(chain.entry);
    this.#keep(workId, chain);
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  #readDoubted(): void {
    for (const workId of this.#doubted) this.#read(workId);
    this.#doubted.clear();
  }

  /** Nothing comes after the end of a work, so only the others are kept. */
  #keep(workId: string, chain: StateChain): void {
    if (chain.entry && !isEnded(chain.entry.record.status)) this.#chains.set(workId, chain);
    else this.#chains.delete(workId);
  }

  #read(workId: string): void {
    if (this.#waiting.has(workId)) return;
    this.#waiting.add(workId);
    if (this.#reads < MAX_READS) void this.#readSome();
  }

  async #readSome(): Promise<void> {
    const { signing, read, onEntry, onRefused } = this.#options;
    this.#reads++;
    for (let [workId] = this.#waiting; workId !== undefined; [workId] = this.#waiting) {
      this.#waiting.delete(workId);
      try {
        const entry = await read(workId);
        if (entry) onEntry(entry);
        else onRefused();
        const isNewer = entry && entry.seq > (this.#chains.get(workId)?.lastSeq ?? 0);
        if (isNewer) this.#keep(workId, new StateChain(workId, signing, entry));
      } catch {
        // The hub is away: the next change of this work reads it again.
      }
    }
    this.#reads--;
    if (this.#reads === 0) for (const settle of this.#settled.splice(0)) settle();
  }
}
