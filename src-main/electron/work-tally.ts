import { Emitter } from '../../src-shared/emitter.ts';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';
import type { WorkView } from '../../src-shared/views/work.ts';

/** Whether a work waits for a person who has not seen to it yet. */
export function needsPerson(work: WorkView): work is WorkView & { waits: NonNullable<WorkView['waits']> } {
  return work.waits !== undefined && !work.waits.acknowledged && work.cancelling !== true;
}

/** The works that matter outside the window: those that wait for a person, and those that run. */
export class WorkTally implements Disposable {
  /** Tells that the works that wait or run, or how far they are, may be others now. */
  readonly changed = new Emitter<void>();
  readonly #waiting = new Map<string, WorkView>();
  readonly #running = new Map<string, WorkView>();
  readonly #following: Disposable;

  constructor(works: LiveSource<WorkView>) {
    this.#following = works.on((delta) => {
      this.#apply(delta);
      this.changed.emit();
    });
    this.#apply({ upserts: works.snapshot(), removes: [] });
  }

  /** Those that wait for a person, the one that was raised last first. */
  get waiting(): WorkView[] {
    return [...this.#waiting.values()].sort((a, b) => raisedAt(b).localeCompare(raisedAt(a)));
  }

  get running(): number {
    return this.#running.size;
  }

  /** How far the running works are on average, 0 to 100; undefined when none of them says. */
  get percent(): number | undefined {
    const known = [...this.#running.values()].flatMap(({ progress }) => progress?.percent ?? []);
    if (known.length === 0) return undefined;
    return known.reduce((sum, percent) => sum + Math.min(100, Math.max(0, percent)), 0) / known.length;
  }

  #apply({ upserts, removes }: LiveDelta<WorkView>): void {
    for (const id of removes) {
      this.#waiting.delete(id);
      this.#running.delete(id);
    }
    for (const work of upserts) {
      keep(this.#waiting, work, needsPerson(work));
      keep(this.#running, work, work.status === 'accepted');
    }
  }

  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]();
  }
}

function keep(works: Map<string, WorkView>, work: WorkView, belongs: boolean): void {
  if (belongs) works.set(work.id, work);
  else works.delete(work.id);
}

function raisedAt(work: WorkView): string {
  return work.waits?.raised_at ?? '';
}
