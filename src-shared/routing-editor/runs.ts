/** Slots in a row that hold the same model. */
export interface Run {
  readonly model: string;
  /** The index of its first slot. */
  readonly start: number;
  readonly size: number;
}

/** The runs of a row of slots. */
export function runsOf(slots: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (const [index, model] of slots.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && last.model === model) runs[runs.length - 1] = { ...last, size: last.size + 1 };
    else runs.push({ model, start: index, size: 1 });
  }
  return runs;
}

/** The slots with one run longer or shorter; a run keeps at least one slot. */
export function resizeRun(slots: readonly string[], run: Run, size: number): string[] {
  const wanted = Math.max(1, Math.min(size, MAX_SLOTS - (slots.length - run.size)));
  return [
    ...slots.slice(0, run.start),
    ...Array.from({ length: wanted }, () => run.model),
    ...slots.slice(run.start + run.size),
  ];
}

/** More slots than this say nothing that fewer would not. */
const MAX_SLOTS = 60;

/** The slots of a ratio: `[4, 1]` of two models is four of the first, then one of the second. */
export function slotsOfRatio(models: readonly string[], ratio: readonly number[]): string[] {
  return models.flatMap((model, index) => Array.from({ length: ratio[index] ?? 0 }, () => model));
}

/** How often each model stands in the slots, when each stands in one run only. */
export function ratioOf(slots: readonly string[]): string | undefined {
  const runs = runsOf(slots);
  const isPlain = new Set(runs.map(({ model }) => model)).size === runs.length;
  return isPlain && runs.length > 1 ? runs.map(({ size }) => size).join(':') : undefined;
}

/** A name for each slot of a row that follows its model: the model and how many of it stand before. */
export function slotKeys(slots: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return slots.map((model) => {
    const before = seen.get(model) ?? 0;
    seen.set(model, before + 1);
    return `${model} ${before}`;
  });
}
