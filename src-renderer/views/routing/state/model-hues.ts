const HUES = ['hue-1', 'hue-2', 'hue-3', 'hue-4', 'hue-5', 'hue-6'] as const;
const given = new Map<string, number>();

/**
 * Gives the models of these routings their hues, so that models of one routing differ where six hues allow it. A model
 * keeps the hue it got first, so that it looks the same everywhere.
 */
export function shareHues(routings: readonly (readonly string[])[]): void {
  for (const models of routings) {
    for (const model of models) {
      if (given.has(model)) continue;
      const near = routings.filter((each) => each.includes(model)).flat();
      const taken = new Set(near.flatMap((each) => given.get(each) ?? []));
      const uses = HUES.map((_, place) => [...given.values()].filter((each) => each === place).length);
      const places = [...HUES.keys()].sort((a, b) => (uses[a] ?? 0) - (uses[b] ?? 0) || a - b);
      given.set(model, places.find((place) => !taken.has(place)) ?? places[0] ?? 0);
    }
  }
}

/** The colour of a model as a CSS value. */
export function hueOf(model: string): string {
  shareHues([[model]]);
  return `var(--color-${HUES[given.get(model) ?? 0]})`;
}
