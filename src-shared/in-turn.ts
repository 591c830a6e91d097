/** Lets one action run after the other, whatever became of those before. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs an action when all before it have ended, and gives what it gives. */
  run<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
