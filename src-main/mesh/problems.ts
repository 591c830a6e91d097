import { LiveMap } from '../../src-shared/live.ts';
import type { Problem } from '../../src-shared/views/node.ts';

/** What is wrong on this node's mesh right now; each problem is shown until it is solved. */
export class Problems {
  readonly live: LiveMap<Problem>;

  /** `live` is where others tell problems of the same node too. */
  constructor(live = new LiveMap<Problem>((problem) => problem.id)) {
    this.live = live;
  }

  /** Shows a problem; the same id again keeps the time it began. */
  raise(problem: Omit<Problem, 'since'>): void {
    const known = this.live.get(problem.id);
    if (known && known.detail === problem.detail && known.title === problem.title) return;
    this.live.set({ ...problem, since: known?.since ?? new Date().toISOString() });
  }

  /** Takes a problem away, if it is there. */
  solve(id: string): void {
    this.live.delete(id);
  }
}
