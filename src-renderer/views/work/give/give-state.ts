import { create } from 'zustand';
import type { WorkRecord } from '../../../../src-shared/protocol/work.ts';
import { type GiveValues, NO_VALUES, valuesOf } from './values.ts';

interface GiveState {
  open: boolean;
  /** The work that is given again with edits. */
  rerunOf: { id: string; task: string } | undefined;
  /** What was typed last; it stays until the work is given. */
  values: GiveValues;
  /** What was typed for new work while an older one is edited. */
  kept: GiveValues;
  /** How many places that can show the sheet are there now. */
  places: number;
}

/** The sheet *Give work*: whether it is open, and what was typed into it. */
export const useGive = create<GiveState>()(() => ({
  open: false,
  rerunOf: undefined,
  values: NO_VALUES,
  kept: NO_VALUES,
  places: 0,
}));

/** Says that the sheet can be shown where a person is, until the result is called. */
export function offerSheet(): () => void {
  const add = (by: number) => useGive.setState(({ places }) => ({ places: places + by }));
  add(1);
  return () => add(-1);
}

/** Opens the sheet with what was typed before, or with some of it chosen already. */
export function openGive(chosen: Partial<GiveValues> = {}): void {
  useGive.setState(({ rerunOf, values, kept }) => ({
    open: true,
    rerunOf: undefined,
    values: { ...(rerunOf === undefined ? values : kept), ...chosen },
  }));
}

/** Opens the sheet with the order of an older work, to give it again with edits. */
export function openRerun(record: WorkRecord): void {
  useGive.setState(({ rerunOf, values, kept }) => ({
    open: true,
    rerunOf: { id: record.work_id, task: record.task },
    values: valuesOf(record, Date.now()),
    kept: rerunOf === undefined ? values : kept,
  }));
}

/** Closes the sheet; `given` forgets what was typed. */
export function closeGive(given = false): void {
  useGive.setState(({ rerunOf, values, kept }) => {
    const left = rerunOf === undefined ? values : kept;
    return { open: false, rerunOf: undefined, values: given && rerunOf === undefined ? NO_VALUES : left };
  });
}

/** Changes some of what is typed. */
export function type(change: Partial<GiveValues>): void {
  useGive.setState(({ values }) => ({ values: { ...values, ...change } }));
}
