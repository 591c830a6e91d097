import { LiveLog } from '../../src-shared/live.ts';
import type { MeshEvent } from '../../src-shared/views/mesh.ts';

export type MeshEventDraft = Omit<MeshEvent, 'seq' | 'time'>;

export interface MeshLogOptions {
  /** How many events are kept. */
  limit?: number;
  /** Milliseconds in which equal refusals become one event with a count. */
  refusalWindowMs?: number;
  /** A monotonic clock in milliseconds. */
  now?: () => number;
}

interface Refusals {
  until: number;
  unsaid: number;
}

const MAX_KINDS = 500;

/** What this observer heard, newest last; refused messages are counted and told without flooding. */
export class MeshLog {
  readonly events: LiveLog<MeshEvent>;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #refusals = new Map<string, Refusals>();
  #seq = 0;
  #refused = 0;

  constructor(options: MeshLogOptions = {}) {
    this.events = new LiveLog<MeshEvent>(options.limit ?? 2_000);
    this.#windowMs = options.refusalWindowMs ?? 10_000;
    this.#now = options.now ?? (() => performance.now());
  }

  /** How many messages were refused so far, told or not. */
  get refusedCount(): number {
    return this.#refused;
  }

  tell(...drafts: MeshEventDraft[]): void {
    if (drafts.length === 0) return;
    const time = new Date().toISOString();
    this.events.append(...drafts.map((draft) => ({ seq: ++this.#seq, time, ...draft })));
  }

  /** Notes a message that was refused; `what` names its kind and `from` its sender as far as known. */
  refuse(what: string, from: string | undefined, why: string): void {
    this.#refused++;
    const key = `${what} ${from ?? ''}`;
    const now = this.#now();
    const known = this.#refusals.get(key);
    if (known && now < known.until) {
      known.unsaid++;
      return;
    }
    if (!known && this.#refusals.size >= MAX_KINDS) this.#refusals.clear();
    this.#refusals.set(key, { until: now + this.#windowMs, unsaid: 0 });
    const more = known && known.unsaid > 0 ? ` ${known.unsaid} more like it came before.` : '';
    this.tell({
      kind: 'message.refused',
      ...(from === undefined ? {} : { station_id: from }),
      detail: `Refused ${what}${from === undefined ? '' : ` of ${from}`}: ${why.replace(/\.$/, '')}.${more}`,
    });
  }
}
