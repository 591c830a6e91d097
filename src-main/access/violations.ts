import { type LiveLog, LiveMap } from '../../src-shared/live.ts';
import type { HubLogLine } from '../../src-shared/views/hub.ts';
import type { Problem } from '../../src-shared/views/node.ts';

// What stands before is the client's to choose, so a line counts by its end, where only the hub writes.
const LINE =
  /nkey[: ]"?(?<key>U[A-Z2-7]{55})" - (?<verb>Publish|Subscription) Violation - Subject "(?<subject>[^"\s]{1,200})"(?:, (?:Queue "[^"\s]*"|SID \S+))*$/i;
/** The same of a server before 2.10. */
const OLD_LINE =
  / - (?<verb>Publish|Subscription) Violation - Nkey "(?<key>U[A-Z2-7]{55})", Subject "(?<subject>[^"\s]{1,200})"(?:, (?:Queue "[^"\s]*"|SID \S+))*$/;
const MAX_PROBLEMS = 20;

export interface ViolationsOptions {
  log: LiveLog<HubLogLine>;
  /** How people call the device with this key. */
  nameOf(key: string): string | undefined;
}

/** What devices tried that their role does not allow, as the hub wrote it down: one problem for each device. */
export class Violations implements Disposable {
  readonly problems = new LiveMap<Problem>((problem) => problem.id);
  readonly #options: ViolationsOptions;
  readonly #counts = new Map<string, number>();
  readonly #watching: Disposable;

  constructor(options: ViolationsOptions) {
    this.#options = options;
    this.#watching = options.log.on(({ upserts }) => {
      for (const line of upserts) this.#read(line);
    });
  }

  #read({ text, time }: HubLogLine): void {
    const { key, verb, subject } = (LINE.exec(text) ?? OLD_LINE.exec(text))?.groups ?? {};
    if (verb === undefined || key === undefined || subject === undefined) return;
    const id = `access.violation.${key}`;
    if (!this.#counts.has(id) && this.#counts.size >= MAX_PROBLEMS) return;
    const count = (this.#counts.get(id) ?? 0) + 1;
    this.#counts.set(id, count);
    const name = this.#options.nameOf(key) ?? 'A device';
    const did = verb.toLowerCase() === 'publish' ? 'write to' : 'listen to';
    this.problems.set({
      id,
      severity: 'warning',
      area: 'hub',
      title: `${name} tried what its role does not allow`,
      detail: `${count === 1 ? 'Once' : `${count} times`}; the last was to ${did} ${subject}. The hub refused it. Change its role or take its access back under Devices.`,
      since: this.problems.get(id)?.since ?? time,
    });
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
  }
}
