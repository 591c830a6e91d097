import type { Activity } from '../../src-shared/protocol/activity.ts';
import type { RunControls } from './runner.ts';

/** Milliseconds in which what an agent says is joined before it is reported. */
const JOIN_MS = 40;
/** One report of text in UTF-16 units; three bytes each at most, so below 64 KiB. */
const TEXT_CHARS = 21_000;
/** Activities that wait; beyond it, or beyond this much text, whoever reads the agent has to wait too. */
const MAX_WAITING = 200;
const MAX_WAITING_CHARS = 500_000;
/** Reports of one run that are no text; a runtime that floods us is not shown beyond it. */
const MAX_DETAILS = 20_000;

export interface ActivityReporterOptions {
  report: RunControls['report'];
  /** Aborted when nobody wants reports any more. */
  stopped: AbortSignal;
  /** Secrets that must not be said, for example when a program prints its environment. */
  hide?: readonly string[];
}

/** Passes on what an agent does: text joined, what replaces itself only in its newest state, in order and bounded. */
export class ActivityReporter {
  readonly #options: ActivityReporterOptions;
  #waiting: Activity[] = [];
  #places = new Map<string, number>();
  #chars = 0;
  #details = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: ActivityReporterOptions) {
    this.#options = options;
  }

  /** Takes an activity; it is reported soon. */
  add(activity: Activity): void {
    if (activity.kind === 'text' || activity.kind === 'terminal') this.#addText(activity);
    else this.#replace(activity);
    this.#timer ??= setTimeout(() => void this.#flush(), JOIN_MS);
  }

  /** Says something a person should know about the run. */
  notice(level: 'info' | 'warning' | 'error', text: string): void {
    this.add({ kind: 'notice', level, text: text.slice(0, 10_000) });
  }

  /** Nothing while there is room; else a promise that resolves when there is again. */
  room(): Promise<void> | undefined {
    if (this.#waiting.length < MAX_WAITING && this.#chars < MAX_WAITING_CHARS) return undefined;
    return this.#flush();
  }

  /** Reports what is left. */
  async close(): Promise<void> {
    await this.#flush();
    await this.#sending;
  }

  #addText(activity: Extract<Activity, { kind: 'text' | 'terminal' }>): void {
    for (const text of pieces(activity.text)) {
      const last = this.#waiting.at(-1);
      if (last && isSameText(last, activity) && last.text.length + text.length <= TEXT_CHARS)
        last.text += text;
      else this.#waiting.push({ ...activity, text });
      this.#chars += text.length;
    }
  }

  #replace(activity: Exclude<Activity, { kind: 'text' | 'terminal' }>): void {
    const key = 'id' in activity ? `${activity.kind} ${activity.id}` : activity.kind;
    const place = activity.kind === 'notice' ? undefined : this.#places.get(key);
    if (place !== undefined) {
      this.#waiting[place] = activity;
      return;
    }
    this.#places.set(key, this.#waiting.length);
    this.#waiting.push(activity);
  }

  /** One batch at a time, so that the order stays. */
  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      this.#places = new Map();
      this.#chars = 0;
      for (const activity of batch) {
        if (this.#options.stopped.aborted) break;
        if (activity.kind !== 'text' && activity.kind !== 'terminal' && ++this.#details > MAX_DETAILS)
          continue;
        await this.#report(this.#details === MAX_DETAILS ? tooMany : activity);
      }
    }
  }

  async #report(activity: Activity): Promise<void> {
    try {
      const said = withoutSecrets(activity, this.#options.hide ?? []);
      const taken = this.#options.report({ type: 'activity', activity: said });
      if (taken !== undefined) await untilAborted(taken, this.#options.stopped);
    } catch {
      // A receiver that is gone must not end the agent.
    }
  }
}

const tooMany: Activity = {
  kind: 'notice',
  level: 'warning',
  text: `The agent did more than ${MAX_DETAILS.toLocaleString('en')} things; what follows is not shown, only its text.`,
};

/** A value with every secret in it replaced by dots. */
export function withoutSecrets<T>(value: T, secrets: readonly string[]): T {
  const json = JSON.stringify(value);
  if (json === undefined || !secrets.some((secret) => json.includes(secret))) return value;
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), json);
  return JSON.parse(hidden) as T;
}

function isSameText(
  a: Activity,
  b: Extract<Activity, { kind: 'text' | 'terminal' }>,
): a is Extract<Activity, { kind: 'text' | 'terminal' }> {
  if (a.kind !== b.kind || a.id !== b.id) return false;
  return a.kind === 'terminal' || (b.kind === 'text' && a.role === b.role);
}

/** A text in parts of a bounded size that cut no character. */
function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + TEXT_CHARS);
    const unit = text.charCodeAt(to - 1);
    if (to < text.length && unit >= 0xd800 && unit <= 0xdbff) to--;
    yield text.slice(from, to);
    from = to;
  }
}

async function untilAborted(taken: Promise<void>, signal: AbortSignal): Promise<void> {
  let leave: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    leave = resolve;
    signal.addEventListener('abort', leave, { once: true });
  });
  await Promise.race([taken, aborted]).finally(() => signal.removeEventListener('abort', leave));
}
