import type { LatticeError } from '../../src-shared/errors.ts';
import { LiveMap, type LiveSource } from '../../src-shared/live.ts';
import { LiveOnDemand } from '../../src-shared/live-on-demand.ts';
import { capKey } from '../../src-shared/routing/caps.ts';
import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import { dayOf } from '../../src-shared/routing/usage.ts';
import { type BudgetView, type UsageDayView, usageDayKey } from '../../src-shared/views/usage.ts';
import type { StateStore } from '../routing/state-store.ts';
import type { UsageLog } from '../routing/usage-log.ts';
import { budgetViews } from './budgets.ts';
import { OwnDays } from './own-days.ts';

export interface UsageServiceOptions {
  log: UsageLog;
  store: StateStore;
  /** What lattice.yaml says now. */
  document: () => RoutingDocument;
  station: { readonly id: string; readonly name: string };
  onProblem: (problem: LatticeError | Error) => void;
  /** Milliseconds between two looks at what other processes of this machine added. */
  everyMs?: number;
  /** ms since 1970 */
  now?: () => number;
}

const EVERY_MS = 5_000;
/** Calls that end together are one change. */
const GATHER_MS = 200;

/** What models cost on this machine, live: per day, and against the budgets. Others' days are added by a share. */
export class UsageService implements Disposable {
  readonly stationId: string;
  /** All days that are known; the log is read when somebody first listens. */
  readonly days: LiveSource<UsageDayView>;
  readonly budgets: LiveSource<BudgetView>;
  readonly #options: UsageServiceOptions;
  readonly #map = new LiveMap<UsageDayView>(usageDayKey);
  readonly #own: OwnDays;
  readonly #appended: Disposable;
  #name: string;
  #loaded: Promise<void> | undefined;
  #gather: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: UsageServiceOptions) {
    const { log, station } = options;
    this.#options = options;
    this.#name = station.name;
    this.stationId = station.id;
    this.#own = new OwnDays({ log, station: { id: station.id, name: () => this.#name } });
    this.#appended = log.appended.on(() => this.#soon());
    this.days = {
      snapshot: () => this.#map.snapshot(),
      on: (listener) => {
        void this.load();
        return this.#map.on(listener);
      },
    };
    this.budgets = new LiveOnDemand<BudgetView>({
      key: capKey,
      fill: (target, signal) => this.#followBudgets(target, signal),
    });
  }

  /** Reads the log of the last 90 days once, and follows it from then on. Never fails: what cannot be read is a problem. */
  load(): Promise<void> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  /** The days of this station. */
  ownDays(): UsageDayView[] {
    return this.#map.snapshot().filter((day) => day.station_id === this.stationId);
  }

  /** Takes what other stations used; days of this station and of none are its own to tell. */
  takeOthers(days: readonly UsageDayView[], removes: readonly string[] = []): void {
    const others = days.filter((day) => day.station_id !== this.stationId && day.station_id !== '');
    const gone = removes.filter((key) => !this.#isOwn(key));
    if (others.length > 0 || gone.length > 0) this.#map.apply(others, gone);
  }

  /** Forgets the days of all other stations, when the lattice was left. */
  forgetOthers(): void {
    const keys = this.#map.snapshot().map(usageDayKey);
    this.takeOthers([], keys);
  }

  /** The station has another name from now on. */
  rename(name: string): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#map.apply(this.ownDays().map((day) => ({ ...day, station_name: name })));
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    clearTimeout(this.#gather);
    clearInterval(this.#tick);
    this.#appended[Symbol.dispose]();
  }

  async #load(): Promise<void> {
    try {
      for await (const days of this.#own.readAll(this.#now())) {
        if (this.#ended) return;
        this.#map.apply(days);
      }
    } catch (error) {
      this.#tell(error);
    }
    if (this.#ended) return;
    this.#tick = setInterval(() => this.#refresh(), this.#options.everyMs ?? EVERY_MS);
    this.#tick.unref();
  }

  #soon(): void {
    if (this.#loaded === undefined || this.#gather !== undefined) return;
    this.#gather = setTimeout(() => {
      this.#gather = undefined;
      this.#refresh();
    }, GATHER_MS);
    this.#gather.unref();
  }

  /** Reads today and yesterday again: a call that began before midnight may be counted after it. */
  #refresh(): void {
    try {
      const now = this.#now();
      const at = new Date(now);
      const yesterday = new Date(at.getFullYear(), at.getMonth(), at.getDate() - 1).getTime();
      const days = [dayOf(yesterday), dayOf(now)].flatMap((day) => this.#own.read(day));
      const changed = days.filter((day) => {
        const known = this.#map.get(usageDayKey(day));
        return known === undefined || JSON.stringify(known.rows) !== JSON.stringify(day.rows);
      });
      if (changed.length > 0) this.#map.apply(changed);
    } catch (error) {
      this.#tell(error);
    }
  }

  async #followBudgets(target: LiveMap<BudgetView>, signal: AbortSignal): Promise<void> {
    const show = () => {
      try {
        const now = this.#now();
        const { document, log, store } = this.#options;
        const views = budgetViews({
          document: document(),
          figures: log.figures(now),
          state: store.read(),
          now,
        });
        const changed = views.filter(
          (view) => JSON.stringify(view) !== JSON.stringify(target.get(capKey(view))),
        );
        const keys = new Set(views.map(capKey));
        const gone = target
          .snapshot()
          .map(capKey)
          .filter((key) => !keys.has(key));
        if (changed.length > 0 || gone.length > 0) target.apply(changed, gone);
      } catch (error) {
        this.#tell(error);
      }
    };
    show();
    const appended = this.#options.log.appended.on(show);
    const timer = setInterval(show, this.#options.everyMs ?? EVERY_MS);
    timer.unref();
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      appended[Symbol.dispose]();
    });
  }

  #isOwn(key: string): boolean {
    const station = key.slice(key.indexOf('.') + 1);
    return station === this.stationId || station === '';
  }

  #tell(error: unknown): void {
    this.#options.onProblem(error instanceof Error ? error : new Error(String(error)));
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
