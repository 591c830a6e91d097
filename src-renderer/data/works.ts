import { useMemo, useRef } from 'react';
import type { WorkView } from '../../src-shared/views/work.ts';
import type { LiveState } from './feed.ts';
import { useLive, useLivePart } from './live.ts';
import { type WorkGroup, type WorkGroups, WorkIndex } from './work-index.ts';

const everything = new WorkIndex();
const known = new WeakMap<ReadonlyMap<string, WorkView>, WorkGroups>();

/** The works of a live state in their groups; the same groups for the same state, whoever asks. */
export function groupsOf(items: ReadonlyMap<string, WorkView>): WorkGroups {
  const before = known.get(items);
  if (before !== undefined) return before;
  const groups = everything.update(items);
  known.set(items, groups);
  return groups;
}

/** How many works stand in each group. */
export function useWorkCounts(): Readonly<Record<WorkGroup, number>> {
  return useLivePart('works.watch', ({ items }) => {
    const { needs_you, running, queued, finished } = groupsOf(items);
    return {
      needs_you: needs_you.length,
      running: running.length,
      queued: queued.length,
      finished: finished.length,
    };
  });
}

/** One group of works; renders again only when something in it changes. */
export function useWorkGroup(group: WorkGroup): readonly WorkView[] {
  return useLivePart('works.watch', ({ items }) => [groupsOf(items)[group]])[0] ?? [];
}

/** All works that `accepts` takes, in their groups; pass the same function until the filter changes. */
export function useFilteredWorks(
  accepts: (work: WorkView) => boolean,
): Omit<LiveState<WorkView>, 'items'> & { groups: WorkGroups; total: number } {
  const { items, state, error } = useLive('works.watch');
  const narrowed = useRef<{ accepts: typeof accepts; index: WorkIndex }>(undefined);
  const groups = useMemo(() => {
    groupsOf(items);
    if (narrowed.current?.accepts !== accepts)
      narrowed.current = { accepts, index: everything.narrowed(accepts) };
    return narrowed.current.index.update(items);
  }, [items, accepts]);
  return { groups, total: items.size, state, error };
}
