import { type LiveLog, LiveMap } from '../../src-shared/live.ts';
import type { DeviceView } from '../../src-shared/views/device.ts';
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

/** What one key was refused since the hub started. */
export type Refusals = NonNullable<DeviceView['refused']>;

/** What devices tried that their role does not allow, as the hub wrote it down: one problem for each device. */
export class Violations implements Disposable {
  readonly problems = new LiveMap<Problem>((problem) => problem.id);
  readonly #options: ViolationsOptions;
  readonly #found = new Map<string, Refusals>();
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
    if (!this.#found.has(key) && this.#found.size >= MAX_PROBLEMS) return;
    const count = (this.#found.get(key)?.count ?? 0) + 1;
    const name = this.#options.nameOf(key) ?? 'A device';
    const last = `${verb.toLowerCase() === 'publish' ? 'write to' : 'listen to'} ${subject}`;
    this.#found.set(key, { count, last, at: time });
    const id = `access.violation.${key}`;
    this.problems.set({
      id,
      severity: 'warning',
      area: 'hub',
      title: `${name} tried what its role does not allow`,
      detail: `${count === 1 ? 'Once' : `${count} times`}; the last was to ${last}. The hub refused it. Change its role or take its access back under Devices.`,
      since: this.problems.get(id)?.since ?? time,
    });
  }

  /** What the device with this key tried; nothing when it kept to its role. */
  of(key: string): Refusals | undefined {
    return this.#found.get(key);
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
  }
}
