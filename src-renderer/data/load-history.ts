import type { StationView } from '../../src-shared/views/mesh.ts';

/** Load of a station at one time: shares of 0 to 1, and how many slots were busy. */
export interface LoadSample {
  /** Milliseconds since the epoch. */
  at: number;
  cpu: number;
  memory: number;
  running: number;
}

export interface LoadHistoryOptions {
  /** How far back it goes, in milliseconds. */
  reachMs?: number;
  /** Least time between two samples, in milliseconds. */
  stepMs?: number;
}

const none: readonly LoadSample[] = [];

/** The load of each station over the last minutes, from its heartbeats as they came. */
export class LoadHistory {
  readonly #reachMs: number;
  readonly #stepMs: number;
  #samples = new Map<string, readonly LoadSample[]>();

  constructor({ reachMs = 15 * 60_000, stepMs = 5_000 }: LoadHistoryOptions = {}) {
    this.#reachMs = reachMs;
    this.#stepMs = stepMs;
  }

  /** Samples of a station, oldest first; the same array until a new one came. */
  of(stationId: string): readonly LoadSample[] {
    return this.#samples.get(stationId) ?? none;
  }

  /** Takes what is new in `stations` and forgets stations that are gone; true when something changed. */
  record(stations: ReadonlyMap<string, StationView>): boolean {
    let changed = false;
    for (const station of stations.values()) changed = this.#add(station) || changed;
    for (const id of this.#samples.keys())
      if (!stations.has(id)) changed = this.#samples.delete(id) || changed;
    return changed;
  }

  #add({ id, status, last_heard: heard, load }: StationView): boolean {
    if (status === 'offline' || heard === undefined) return false;
    const at = Date.parse(heard);
    const known = this.of(id);
    const last = known.at(-1);
    if (Number.isNaN(at) || (last !== undefined && at - last.at < this.#stepMs)) return false;
    const sample = { at, cpu: load.cpu, memory: load.memory, running: load.running };
    this.#samples.set(id, [...known.filter((old) => at - old.at <= this.#reachMs), sample]);
    return true;
  }
}
