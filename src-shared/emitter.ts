/** Tells listeners about changes; a listener that throws does not keep the others from hearing. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Calls `listener` for each value until the result is disposed. */
  on(listener: (value: T) => void): Disposable {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  emit(value: T): void {
    const failures: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      queueMicrotask(() => {
        throw failures.length === 1 ? failures[0] : new AggregateError(failures);
      });
  }

  /** How many listeners there are; a test for leaks reads it. */
  get size(): number {
    return this.#listeners.size;
  }
}
