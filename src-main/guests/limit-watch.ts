import { type LiveLog, LiveMap } from '../../src-shared/live.ts';
import type { GuestView } from '../../src-shared/views/guest.ts';
import type { HubLogLine } from '../../src-shared/views/hub.ts';
import type { Problem } from '../../src-shared/views/node.ts';

const REFUSED_CONNECTION = /maximum account active connections exceeded/;
/** From this share of its storage on, a large message may be refused already. */
const NEARLY_FULL = 0.9;
const EVERY_MS = 15_000;

export interface LimitWatchOptions {
  log: LiveLog<HubLogLine>;
  /** What the guest lattices use now. */
  used(): Promise<readonly Pick<GuestView, 'org' | 'name' | 'storage_bytes' | 'limits'>[]>;
  /** Milliseconds between two looks. */
  everyMs?: number;
}

/** Where guest lattices reached what they may use up, as problems: storage by looking, connections as the hub says it. */
export class LimitWatch implements Disposable {
  readonly problems = new LiveMap<Problem>((problem) => problem.id);
  readonly #options: LimitWatchOptions;
  readonly #watching: Disposable;
  readonly #timer: NodeJS.Timeout;

  constructor(options: LimitWatchOptions) {
    this.#options = options;
    this.#watching = options.log.on(({ upserts }) => {
      const line = upserts.find(({ text }) => REFUSED_CONNECTION.test(text));
      if (line) this.#refusedConnection(line);
    });
    this.#timer = setInterval(() => void this.look().catch(() => undefined), options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  /** Compares what each lattice stores with what it may. */
  async look(): Promise<void> {
    const full = (await this.#options.used()).filter(
      ({ storage_bytes, limits }) => storage_bytes >= limits.storage_bytes * NEARLY_FULL,
    );
    const ids = full.map(({ org }) => `guest.storage.${org}`);
    const solved = this.problems
      .snapshot()
      .filter(({ id }) => id.startsWith('guest.storage.') && !ids.includes(id));
    const raised = full
      .filter(({ org }) => this.problems.get(`guest.storage.${org}`) === undefined)
      .map(
        ({ org, name }): Problem => ({
          id: `guest.storage.${org}`,
          severity: 'warning',
          area: 'hub',
          title: `The lattice ${name} has stored nearly as much as it may`,
          detail: `The hub refuses what goes beyond that; the others are not concerned. Give it more room under Hub, Guests, or with lattice hub limit ${org} --storage 4g.`,
          since: new Date().toISOString(),
        }),
      );
    this.problems.apply(
      raised,
      solved.map(({ id }) => id),
    );
  }

  /** Looks again after limits were changed or a lattice was removed. */
  changed(): void {
    this.problems.delete('guest.connections');
    void this.look().catch(() => undefined);
  }

  #refusedConnection({ time }: HubLogLine): void {
    if (this.problems.get('guest.connections')) return;
    this.problems.set({
      id: 'guest.connections',
      severity: 'warning',
      area: 'hub',
      title: 'A guest lattice has as many connections as it may',
      detail:
        'The hub refuses more; the others are not concerned. Hub, Guests shows which it is and lets more in, as does lattice hub limit ORG --connections 128.',
      since: time,
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#watching[Symbol.dispose]();
  }
}
