import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  addTotals,
  dayOf,
  noTotals,
  type Totals,
  type UsageEntry,
  type UsageFigures,
  type UsageRow,
  UsageTally,
  type UsageTotals,
  usageEntrySchema,
} from '../../src-shared/routing/usage.ts';

export interface UsageLogOptions {
  /** The folder of the log: one file a day, one line of JSON a call. */
  dir: string;
  /** Hears of lines that cannot be read; the rest counts. */
  onProblem: (problem: LatticeError) => void;
  /** The station whose calls are added; absent outside a lattice. */
  station?: string | undefined;
}

/** A day of the log as far as it was read. */
interface Day {
  tally: UsageTally;
  totals: UsageTotals;
  offset: number;
  inode: number;
}

const NEWLINE = 0x0a;
const DAY_FILE = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** The append-only log of model calls. Several processes may write it; each sees what the others wrote. */
export class UsageLog {
  readonly #options: UsageLogOptions;
  readonly #days = new Map<string, Day>();
  /** The days of the month up to the one that was asked for last. */
  #month: readonly string[] = [];
  /** Fires with the day of each call that this process added. */
  readonly appended = new Emitter<string>();

  constructor(options: UsageLogOptions) {
    this.#options = options;
  }

  /**
   * Adds a call to the file of its day and waits for the disk.
   * @throws LatticeError `invalid_input` for an entry that could not be read back, `io_failed`.
   */
  async append(entry: UsageEntry): Promise<void> {
    const { station } = this.#options;
    const parsed = usageEntrySchema.safeParse(station === undefined ? entry : { ...entry, station });
    if (!parsed.success) {
      throw new LatticeError('invalid_input', 'A model call with impossible numbers is not counted.', {
        cause: parsed.error,
      });
    }
    const day = dayOf(entry.time);
    const file = this.#fileOf(day);
    try {
      const handle = await this.#open(file);
      try {
        const { size } = await handle.stat();
        const last = Buffer.alloc(1, NEWLINE);
        if (size > 0) await handle.read(last, 0, 1, size - 1);
        const healing = last[0] === NEWLINE ? '' : '\n';
        await handle.appendFile(`${healing}${JSON.stringify(parsed.data)}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    } catch (cause) {
      throw new LatticeError('io_failed', `The usage log ${file} cannot be written.`, {
        hint: 'Look at the space on the disk and the rights of the folder. Budgets count only what is in the log.',
        cause,
      });
    }
    this.appended.emit(day);
  }

  /** What was used in the day and the calendar month of `now` (ms since 1970), what other processes wrote included. */
  figures(now: number): UsageFigures {
    const name = dayOf(now);
    if (this.#month.at(-1) !== name) this.#month = daysUpTo(new Date(now));
    const read = this.#month.flatMap((day) => this.#refresh(day) ?? []);
    const today = this.#days.get(name)?.totals ?? NO_USAGE;
    return { today, month: read.map((day) => day.totals).reduce(mergeUsage, NO_USAGE) };
  }

  /** Milliseconds to an answer by model, as measured on the day of `now`. */
  latencies(now: number): Record<string, number> {
    return this.#refresh(dayOf(now))?.tally.latencies() ?? {};
  }

  /** The calls of a day in the order they were written. */
  entries(day: string): UsageEntry[] {
    const entries: UsageEntry[] = [];
    const bytes = readFrom(this.#fileOf(day), 0);
    for (const line of bytes.toString('utf8').split('\n')) {
      const entry = parseLine(line);
      if (entry !== undefined && entry !== 'damaged') entries.push(entry);
    }
    return entries;
  }

  /** The days that have a log, the newest first. */
  days(): string[] {
    let names: string[] = [];
    try {
      names = readdirSync(this.#options.dir);
    } catch {
      // Before the first call there is no folder.
    }
    return names
      .flatMap((name) => DAY_FILE.exec(name)?.[1] ?? [])
      .sort()
      .reverse();
  }

  /** The sums of a day by station, agent and model. A day outside this month is read and not kept. */
  rows(day: string): UsageRow[] {
    if (this.#days.has(day) || day === dayOf(Date.now())) return this.#refresh(day)?.tally.rows() ?? [];
    const tally = new UsageTally();
    for (const entry of this.entries(day)) tally.add(entry);
    return tally.rows();
  }

  async #open(file: string): Promise<FileHandle> {
    try {
      return await open(file, 'a+', 0o600);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await mkdir(this.#options.dir, { recursive: true, mode: 0o700 });
      return open(file, 'a+', 0o600);
    }
  }

  #fileOf(day: string): string {
    return join(this.#options.dir, `${day}.jsonl`);
  }

  /** Reads what was added to a day since the last look. A line without its end is left for later. */
  #refresh(name: string): Day | undefined {
    const file = this.#fileOf(name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) {
      this.#days.delete(name);
      return undefined;
    }
    let day = this.#days.get(name);
    if (day === undefined || day.inode !== stats.ino || stats.size < day.offset) {
      day = { tally: new UsageTally(), totals: NO_USAGE, offset: 0, inode: stats.ino };
      this.#days.set(name, day);
    }
    if (stats.size === day.offset) return day;
    const added = readFrom(file, day.offset);
    const whole = added.subarray(0, added.lastIndexOf(NEWLINE) + 1);
    day.offset += whole.length;
    let damaged = 0;
    for (const line of whole.toString('utf8').split('\n')) {
      const entry = parseLine(line);
      if (entry === 'damaged') damaged++;
      else if (entry !== undefined) day.tally.add(entry);
    }
    day.totals = day.tally.totals();
    if (damaged > 0) {
      const lost = damaged === 1 ? 'One line' : `${damaged} lines`;
      this.#options.onProblem(
        new LatticeError('io_failed', `${lost} of the usage log ${file} cannot be read and is not counted.`, {
          hint: 'A process or the machine stopped while it wrote. What the provider shows may be more.',
        }),
      );
    }
    return day;
  }
}

function daysUpTo(date: Date): string[] {
  return Array.from({ length: date.getDate() }, (_, index) =>
    dayOf(new Date(date.getFullYear(), date.getMonth(), index + 1).getTime()),
  );
}

const NO_USAGE: UsageTotals = { all: noTotals, by_provider: {}, by_model: {}, by_agent: {}, by_day: {} };

function mergeUsage(a: UsageTotals, b: UsageTotals): UsageTotals {
  return {
    all: addTotals(a.all, b.all),
    by_provider: mergeRecords(a.by_provider, b.by_provider),
    by_model: mergeRecords(a.by_model, b.by_model),
    by_agent: mergeRecords(a.by_agent, b.by_agent),
    by_day: mergeRecords(a.by_day, b.by_day),
  };
}

function mergeRecords(
  a: Readonly<Record<string, Totals>>,
  b: Readonly<Record<string, Totals>>,
): Readonly<Record<string, Totals>> {
  const sums = new Map(Object.entries(a));
  for (const [key, totals] of Object.entries(b)) sums.set(key, addTotals(sums.get(key) ?? noTotals, totals));
  return Object.fromEntries(sums);
}

function parseLine(line: string): UsageEntry | 'damaged' | undefined {
  if (line.trim() === '') return undefined;
  try {
    return usageEntrySchema.parse(JSON.parse(line));
  } catch {
    return 'damaged';
  }
}

/** The bytes of a file from an offset on; none when the file is gone. */
function readFrom(file: string, offset: number): Buffer {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - offset));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, bytes.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(handle);
  }
}
