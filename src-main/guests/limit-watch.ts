import { type LiveLog, LiveMap } from '../../src-shared/live.ts';
import type { HubLogLine } from '../../src-shared/views/hub.ts';
import type { Problem } from '../../src-shared/views/node.ts';
import { orgOfAccount } from '../hub/accounts.ts';

const STORAGE = /JetStream resource limits exceeded for account: "?(LATTICE_[A-Za-z0-9_-]{1,64})\b/;
const CONNECTIONS = /maximum account active connections exceeded/;

/** Where guest lattices reached what they may use up, as the hub wrote it down: one problem for each limit. */
export class LimitWatch implements Disposable {
  readonly problems = new LiveMap<Problem>((problem) => problem.id);
  readonly #watching: Disposable;

  constructor({ log }: { log: LiveLog<HubLogLine> }) {
    this.#watching = log.on(({ upserts }) => {
      for (const line of upserts) this.#read(line);
    });
  }

  /** Forgets what was said about a lattice, after its limits were changed or it was removed. */
  forget(org: string): void {
    this.problems.apply([], [`guest.storage.${org}`, 'guest.connections']);
  }

  #read({ text, time }: HubLogLine): void {
    const org = orgOfAccount(STORAGE.exec(text)?.[1] ?? '');
    if (org !== undefined)
      this.#raise(
        `guest.storage.${org}`,
        time,
        `The lattice ${org} has stored as much as it may`,
        `The hub refuses what it would store beyond that; the others are not concerned. lattice hub limit ${org} --storage 2g gives it more room.`,
      );
    else if (CONNECTIONS.test(text))
      this.#raise(
        'guest.connections',
        time,
        'A guest lattice has as many connections as it may',
        'The hub refuses more; the others are not concerned. lattice hub shows which, and lattice hub limit ORG --connections 128 lets more in.',
      );
  }

  #raise(id: string, time: string, title: string, detail: string): void {
    if (this.problems.get(id)) return;
    this.problems.set({ id, severity: 'warning', area: 'hub', title, detail, since: time });
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
  }
}
