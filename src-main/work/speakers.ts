import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import type { Said } from './said-merge.ts';

/** What a station can say before the log tells that it holds the attempt; what goes beyond is refused. */
const MAX_EARLY = 1_000;

/** A message about a work that was left out: who said it, and why it does not count. */
export interface SaidRefusal {
  station: string;
  why: string;
}

/** Who may speak for which attempt of a work: the station that holds it, as the log says. */
export class Speakers {
  readonly #holders = new Map<number, string>();
  readonly #early = new Map<string, Said[]>();
  readonly #onRefused: (refusal: SaidRefusal) => void;
  #newest = 0;

  constructor(onRefused: (refusal: SaidRefusal) => void) {
    this.#onRefused = onRefused;
  }

  /** Learns who holds the attempts; gives what was said before the log told so, and counts now. */
  learn({ attempt, attempts }: WorkRecord): Said[] {
    for (const each of attempts) this.#holders.set(each.attempt, each.station_id);
    if (attempt <= this.#newest) return [];
    this.#newest = attempt;
    const early = [...this.#early.values()].flat();
    this.#early.clear();
    return early.flatMap((said) => this.hear(said));
  }

  /** The message when it counts now; one that comes before its attempt is known is kept until then. */
  hear(said: Said): Said[] {
    const { attempt, station } = said;
    if (this.#holders.get(attempt) === station) return [said];
    const early = this.#early.get(station) ?? [];
    if (attempt > this.#newest && early.length < MAX_EARLY) {
      early.push(said);
      this.#early.set(station, early);
    } else this.#onRefused({ station, why: `it does not hold attempt ${attempt}` });
    return [];
  }
}
