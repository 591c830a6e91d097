import { isEnded } from '../../src-shared/protocol/work.ts';
import type { WorkView } from '../../src-shared/views/work.ts';

/** Where a work stands in a list: it waits for a person, runs, waits for a slot, or has its outcome. */
export type WorkGroup = 'needs_you' | 'running' | 'queued' | 'finished';

export type WorkGroups = Readonly<Record<WorkGroup, readonly WorkView[]>>;

const GROUPS: readonly WorkGroup[] = ['needs_you', 'running', 'queued', 'finished'];
const SEVERITIES = { critical: 0, high: 1, medium: 2 } as const;
/** Below this share of a group changes are put in place one by one; above it the group is sorted again. */
const FEW = 1 / 16;

/** The group a work stands in. */
export function groupOf(work: WorkView): WorkGroup {
  if (isEnded(work.status)) return 'finished';
  if (work.status === 'escalated') return 'needs_you';
  return work.status === 'accepted' ? 'running' : 'queued';
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Compare = (a: WorkView, b: WorkView) => number;

const ORDER: Record<WorkGroup, Compare> = {
  needs_you: (a, b) =>
    Number(a.waits?.kind !== 'question') - Number(b.waits?.kind !== 'question') ||
    SEVERITIES[a.waits?.severity ?? 'medium'] - SEVERITIES[b.waits?.severity ?? 'medium'] ||
    byText(b.waits?.raised_at ?? '', a.waits?.raised_at ?? '') ||
    byText(a.id, b.id),
  running: (a, b) => byText(b.started_at ?? '', a.started_at ?? '') || byText(a.id, b.id),
  queued: (a, b) => a.priority - b.priority || byText(a.queued_at, b.queued_at) || byText(a.id, b.id),
  finished: (a, b) => byText(b.ended_at ?? '', a.ended_at ?? '') || byText(b.id, a.id),
};

/** What is in one map and not in the other, item by item; cheap when both keep their order. */
export function changesBetween<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): { removed: T[]; added: T[] } {
  const removed: T[] = [];
  const added: T[] = [];
  const olds = before.entries();
  let old = olds.next();
  const skipGone = (upTo: string | undefined) => {
    while (!old.done && old.value[0] !== upTo) {
      if (after.has(old.value[0]) && upTo !== undefined) return;
      if (!after.has(old.value[0])) removed.push(old.value[1]);
      old = olds.next();
    }
  };
  for (const [key, item] of after) {
    skipGone(key);
    const inStep = !old.done && old.value[0] === key;
    const known = inStep ? old.value?.[1] : before.get(key);
    if (inStep) old = olds.next();
    if (known === item) continue;
    if (known !== undefined) removed.push(known);
    added.push(item);
  }
  skipGone(undefined);
  return { removed, added };
}

function placeOf(list: readonly WorkView[], work: WorkView, compare: Compare): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = list[middle];
    if (at !== undefined && compare(at, work) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function applyTo(
  list: readonly WorkView[],
  gone: WorkView[],
  come: WorkView[],
  compare: Compare,
): WorkView[] {
  if (gone.length + come.length > 64 + list.length * FEW) {
    const out = new Set(gone);
    return [...list.filter((work) => !out.has(work)), ...come].sort(compare);
  }
  const next = [...list];
  for (const work of gone) {
    const at = placeOf(next, work, compare);
    if (next[at] === work) next.splice(at, 1);
  }
  for (const work of come) next.splice(placeOf(next, work, compare), 0, work);
  return next;
}

/** Works in their groups, each in its order; follows a map of works at the price of what changed in it. */
export class WorkIndex {
  readonly #accepts: (work: WorkView) => boolean;
  #items: ReadonlyMap<string, WorkView> = new Map();
  #groups: WorkGroups = { needs_you: [], running: [], queued: [], finished: [] };

  constructor(accepts: (work: WorkView) => boolean = () => true) {
    this.#accepts = accepts;
  }

  /** An index of those works of another that `accepts` takes; nothing is sorted again. */
  narrowed(accepts: (work: WorkView) => boolean): WorkIndex {
    const index = new WorkIndex((work) => this.#accepts(work) && accepts(work));
    const { needs_you, running, queued, finished } = this.#groups;
    index.#items = this.#items;
    index.#groups = {
      needs_you: needs_you.filter(accepts),
      running: running.filter(accepts),
      queued: queued.filter(accepts),
      finished: finished.filter(accepts),
    };
    return index;
  }

  /** The groups as they are in `items`; a group in which nothing changed stays the same array. */
  update(items: ReadonlyMap<string, WorkView>): WorkGroups {
    if (items === this.#items) return this.#groups;
    const { removed, added } = changesBetween(this.#items, items);
    this.#items = items;
    const gone = removed.filter(this.#accepts);
    const come = added.filter(this.#accepts);
    if (gone.length + come.length === 0) return this.#groups;
    const groups: Record<WorkGroup, readonly WorkView[]> = { ...this.#groups };
    for (const group of GROUPS) {
      const of = (work: WorkView) => groupOf(work) === group;
      const [goneHere, comeHere] = [gone.filter(of), come.filter(of)];
      if (goneHere.length + comeHere.length > 0)
        groups[group] = applyTo(groups[group], goneHere, comeHere, ORDER[group]);
    }
    this.#groups = groups;
    return groups;
  }
}
