/** Releases in reverse order what was added; a failure of one does not keep the others. */
export class Disposables implements AsyncDisposable {
  readonly #release: (() => void | Promise<void>)[] = [];
  #disposed: Promise<void> | undefined;

  /** Runs `release` at the end. */
  defer(release: () => void | Promise<void>): void {
    this.#release.push(release);
  }

  /** Keeps a disposable thing and returns it. */
  use<T extends Disposable | AsyncDisposable>(thing: T): T {
    this.defer(
      () =>
        (Symbol.asyncDispose in thing ? thing[Symbol.asyncDispose]() : thing[Symbol.dispose]()) as undefined,
    );
    return thing;
  }

  /** Releases everything once; @throws AggregateError with each failure after all were tried. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#run();
    return this.#disposed;
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const release of this.#release.splice(0).reverse()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some resources did not close');
  }
}
