import {
  applyChanges,
  changeBetween,
  invertChanges,
  type TextChange,
} from '../lattice-yaml/edit/text-change.ts';
import type { LayerScope } from '../views/routing.ts';

/** Texts of the layers by scope. */
export type DraftTexts = Readonly<Partial<Record<LayerScope, string>>>;

/** One step of the one history of picture and text. */
interface Step {
  readonly scope: LayerScope;
  readonly changes: readonly TextChange[];
  readonly back: readonly TextChange[];
  /** Steps of one group are undone together. */
  readonly group: number;
  /** What was done, for the tooltip of undo. */
  readonly label: string;
}

export interface DraftHistory {
  readonly done: readonly Step[];
  readonly undone: readonly Step[];
}

export const emptyHistory: DraftHistory = { done: [], undone: [] };

const MOST_STEPS = 500;

/** The history with one more step; what was undone is forgotten. */
export function recorded(
  history: DraftHistory,
  step: { scope: LayerScope; before: string; changes: readonly TextChange[]; group: number; label: string },
): DraftHistory {
  const { before, ...rest } = step;
  const entry: Step = { ...rest, back: invertChanges(before, step.changes) };
  return { done: [...history.done.slice(-(MOST_STEPS - 1)), entry], undone: [] };
}

/** A change of a text that the history made: what an editor of that text has to take over. */
export interface HistoryMove {
  readonly history: DraftHistory;
  readonly texts: DraftTexts;
  readonly moves: readonly { scope: LayerScope; changes: readonly TextChange[] }[];
}

/** Takes the last group of steps back; undefined when there is none. */
export function undone(history: DraftHistory, texts: DraftTexts): HistoryMove | undefined {
  const last = history.done.at(-1);
  if (last === undefined) return undefined;
  const steps = history.done.filter(({ group }) => group === last.group).reverse();
  return {
    ...walk(
      texts,
      steps.map(({ scope, back }) => ({ scope, changes: back })),
    ),
    history: {
      done: history.done.filter(({ group }) => group !== last.group),
      undone: [...history.undone, ...steps.toReversed()],
    },
  };
}

/** Does again what was taken back last; undefined when there is nothing. */
export function redone(history: DraftHistory, texts: DraftTexts): HistoryMove | undefined {
  const last = history.undone.at(-1);
  if (last === undefined) return undefined;
  const steps = history.undone.filter(({ group }) => group === last.group);
  return {
    ...walk(
      texts,
      steps.map(({ scope, changes }) => ({ scope, changes })),
    ),
    history: {
      done: [...history.done, ...steps],
      undone: history.undone.filter(({ group }) => group !== last.group),
    },
  };
}

function walk(
  texts: DraftTexts,
  moves: { scope: LayerScope; changes: readonly TextChange[] }[],
): Pick<HistoryMove, 'texts' | 'moves'> {
  const next: Partial<Record<LayerScope, string>> = { ...texts };
  for (const { scope, changes } of moves) next[scope] = applyChanges(next[scope] ?? '', changes);
  return { texts: next, moves };
}

/** The changes between two texts, as a list. */
export function changesBetween(before: string, after: string): TextChange[] {
  const change = changeBetween(before, after);
  return change === undefined ? [] : [change];
}
