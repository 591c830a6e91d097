import { Emitter } from '../../src-shared/emitter.ts';
import type { StreamItem } from '../../src-shared/ipc.ts';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';
import type { ShellCommand } from '../../src-shared/shell-commands.ts';

type Command = StreamItem<'commands.watch'>;

/** How many commands wait for a window that is not there yet; older ones are dropped. */
const WAITING_LIMIT = 20;

/** Commands for the window, each handed over once: they wait until it listens and never come back after a reload. */
export class CommandQueue implements LiveSource<Command> {
  readonly #changes = new Emitter<LiveDelta<Command>>();
  #waiting: Command[] = [];
  #listening = false;
  #seq = 0;

  /** Asks the window to run a command. */
  ask(command: ShellCommand, argument?: string): void {
    this.#seq += 1;
    const item: Command = { seq: this.#seq, command, ...(argument === undefined ? {} : { argument }) };
    if (this.#listening) this.#changes.emit({ upserts: [item], removes: [] });
    else this.#waiting = [...this.#waiting, item].slice(-WAITING_LIMIT);
  }

  /** Hands over what waits. */
  snapshot(): Command[] {
    this.#listening = this.#changes.size > 0;
    return this.#waiting.splice(0);
  }

  on(listener: (delta: LiveDelta<Command>) => void): Disposable {
    const listening = this.#changes.on(listener);
    return {
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]();
        this.#listening &&= this.#changes.size > 0;
      },
    };
  }
}
