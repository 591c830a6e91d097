import { LatticeError } from '../../src-shared/errors.ts';

/** How long everything may take to stop before the app ends anyway, in milliseconds. */
const STOP_DEADLINE_MS = 8_000;

export interface QuitControllerOptions {
  /** How many runs would be lost. */
  runningCalls(): number;
  /** Shows the window and lets it ask the person; false when there is no window to ask. */
  ask(running: number): boolean;
  /** Stops everything the app started. */
  stop(): Promise<void>;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Hears why stopping failed or took too long. */
  onProblem(error: unknown): void;
  deadlineMs?: number;
}

/** Decides whether the app may end, stops everything once, and ends the process even when something hangs. */
export class QuitController {
  readonly #options: QuitControllerOptions;
  #stopping: Promise<void> | undefined;

  constructor(options: QuitControllerOptions) {
    this.#options = options;
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Ends the app, or lets the window ask first when runs would be lost and `force` is not set. */
  request(options: { force: boolean }): void {
    if (this.#stopping) return;
    const running = options.force ? 0 : this.#options.runningCalls();
    if (running > 0 && this.#options.ask(running)) return;
    this.#stopping = this.#stopAndExit();
  }

  async #stopAndExit(): Promise<void> {
    const deadlineMs = this.#options.deadlineMs ?? STOP_DEADLINE_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new LatticeError('timeout', `Not everything stopped within ${deadlineMs} ms.`)),
        deadlineMs,
      );
    });
    let code = 0;
    try {
      await Promise.race([this.#options.stop(), late]);
    } catch (error) {
      code = 1;
      this.#options.onProblem(error);
    } finally {
      clearTimeout(timer);
    }
    this.#options.exit(code);
  }
}
