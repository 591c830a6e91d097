import { type CpuInfo, cpus, freemem, totalmem } from 'node:os';
import type { Load } from '../../src-shared/protocol/station.ts';

/** What the operating system says; tests give their own. */
export interface LoadProbe {
  cpus(): readonly CpuInfo[];
  freemem(): number;
  totalmem(): number;
}

/** Where running, capacity and queued come from. */
export interface SlotCounts {
  readonly running: number;
  readonly capacity: number;
  readonly queued: number;
}

/** The load of this station: its slots now, and the machine as of the last sample. */
export class LoadSampler {
  readonly #slots: SlotCounts;
  readonly #probe: LoadProbe;
  #ticks: { busy: number; all: number };
  #cpu = 0;
  #memory: number;

  constructor(slots: SlotCounts, probe: LoadProbe = { cpus, freemem, totalmem }) {
    this.#slots = slots;
    this.#probe = probe;
    this.#ticks = ticksOf(probe.cpus());
    this.#memory = this.#memoryShare();
  }

  /** Measures the machine; the cpu share is over the time since the last sample. */
  sample(): Load {
    const ticks = ticksOf(this.#probe.cpus());
    const all = ticks.all - this.#ticks.all;
    if (all > 0) this.#cpu = share((ticks.busy - this.#ticks.busy) / all);
    this.#ticks = ticks;
    this.#memory = this.#memoryShare();
    return this.current();
  }

  /** The slots now with the figures of the last sample; cheap enough for every reply. */
  current(): Load {
    const { running, capacity, queued } = this.#slots;
    return { running, capacity, queued, cpu: this.#cpu, memory: this.#memory };
  }

  #memoryShare(): number {
    const total = this.#probe.totalmem();
    return total > 0 ? share(1 - this.#probe.freemem() / total) : 0;
  }
}

function ticksOf(cores: readonly CpuInfo[]): { busy: number; all: number } {
  let busy = 0;
  let idle = 0;
  for (const { times } of cores) {
    busy += times.user + times.nice + times.sys + times.irq;
    idle += times.idle;
  }
  return { busy, all: busy + idle };
}

function share(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1_000) / 1_000;
}
