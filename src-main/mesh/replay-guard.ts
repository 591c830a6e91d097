/** A call that was signed in the future by our clock stays good for twice the window. */
const GENERATION_MS = 240_000;

/** How long every call is remembered at least, in milliseconds. */
export const REMEMBERED_MS = GENERATION_MS;

/** Who made which call lately, so that none runs twice; older ones are refused for their time. */
export class ReplayGuard {
  readonly #now: () => number;
  #calls = new Map<string, string>();
  #before = new Map<string, string>();
  #since: number;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Notes a call; false when it was made before. */
  isNew(call: string, signer: string): boolean {
    if (this.#now() - this.#since > GENERATION_MS) {
      this.#before = this.#calls;
      this.#calls = new Map();
      this.#since = this.#now();
    }
    if (this.signerOf(call) !== undefined) return false;
    this.#calls.set(call, signer);
    return true;
  }

  signerOf(call: string): string | undefined {
    return this.#calls.get(call) ?? this.#before.get(call);
  }
}
