import { LiveLog } from '../../src-shared/live.ts';
import type { HubLogLine } from '../../src-shared/views/hub.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { type ParsedLine, parseLogLine } from './log-line.ts';
import { LogTail } from './log-tail.ts';

const KEPT_LINES = 2_000;

export interface HubLogOptions {
  file: string;
  /** Milliseconds between two looks at the file. */
  pollMs: number;
  /** What must never be shown; asked for each time, since it changes with the config. */
  secrets: () => readonly string[];
}

/** The last 2,000 lines of the hub, from its log file and, before that exists, from its stderr. */
export class HubLog implements AsyncDisposable {
  readonly lines = new LiveLog<HubLogLine>(KEPT_LINES);
  readonly #tail: LogTail;
  readonly #secrets: () => readonly string[];
  #seq = 0;
  #fault: string | undefined;

  constructor(options: HubLogOptions) {
    this.#secrets = options.secrets;
    this.#tail = new LogTail({
      file: options.file,
      pollMs: options.pollMs,
      onLines: (lines) => this.#append(lines.map((line) => parseLogLine(line, new Date()))),
    });
  }

  /** Follows the file from its last 64 KiB on. */
  start(): Promise<void> {
    return this.#tail.start();
  }

  /** Takes a line of stderr; nats-server writes there only what kept it from opening its log. */
  stderr(line: string): void {
    const parsed = parseLogLine(line, new Date(), 'error');
    // The first line says what happened; a panic prints its stacks after it.
    this.#append([{ ...parsed, fatal: this.#fault === undefined }]);
  }

  /** Forgets the fault of before, so that the next one belongs to the server that starts now. */
  async mark(): Promise<void> {
    await this.#tail.read();
    this.#fault = undefined;
  }

  /** Why the server ended, in its own words since `mark`; undefined when it said nothing. */
  async fault(): Promise<string | undefined> {
    await this.#tail.read();
    return this.#fault;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#tail[Symbol.asyncDispose]();
  }

  #append(parsed: ParsedLine[]): void {
    processSecrets.addAll(this.#secrets());
    const lines: HubLogLine[] = [];
    for (const { fatal, ...line } of parsed) {
      this.#seq += 1;
      const text = processSecrets.redact(line.text);
      lines.push({ ...line, text, seq: this.#seq });
      if (fatal) this.#fault = text;
    }
    this.lines.append(...lines);
  }
}
