/** Weights by model, in the order of the file. */
export type Weights = Readonly<Record<string, number>>;

/** The weights as whole percents that add up to 100; equal parts when all are 0. */
export function asPercents(weights: Weights): Record<string, number> {
  const entries = Object.entries(weights);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  const exact = entries.map(([, weight]) => (total > 0 ? (weight / total) * 100 : 100 / entries.length));
  const whole = exact.map(Math.floor);
  const missing = 100 - whole.reduce((sum, each) => sum + each, 0);
  const byRest = exact
    .map((each, index) => ({ index, rest: each - Math.floor(each) }))
    .sort((a, b) => b.rest - a.rest)
    .slice(0, missing);
  for (const { index } of byRest) whole[index] = (whole[index] ?? 0) + 1;
  return Object.fromEntries(entries.map(([model], index) => [model, whole[index] ?? 0]));
}

/** Percents after the border behind the model at `index` moved by `by` points; no model goes below 0. */
export function withBorder(percents: Weights, index: number, by: number): Record<string, number> {
  const entries = Object.entries(percents);
  const left = entries[index]?.[1] ?? 0;
  const right = entries[index + 1]?.[1] ?? 0;
  const moved = Math.max(-left, Math.min(right, Math.round(by)));
  return Object.fromEntries(
    entries.map(([model, weight], each) => [
      model,
      each === index ? weight + moved : each === index + 1 ? weight - moved : weight,
    ]),
  );
}

/** Percents after a model got `percent`: the ones that are not locked share the rest as they did before. */
export function withPercent(
  percents: Weights,
  model: string,
  percent: number,
  locked: ReadonlySet<string>,
): Record<string, number> {
  const others = Object.keys(percents).filter((each) => each !== model && !locked.has(each));
  const fixed = Object.entries(percents)
    .filter(([each]) => each !== model && locked.has(each))
    .reduce((sum, [, weight]) => sum + weight, 0);
  if (others.length === 0) return { ...percents };
  const asked = Number.isNaN(percent) ? (percents[model] ?? 0) : percent;
  const wanted = Math.max(0, Math.min(Math.round(asked), 100 - fixed));
  const rest = 100 - fixed - wanted;
  const parts = asPercents(Object.fromEntries(others.map((each) => [each, percents[each] ?? 0])));
  const shares = spread(
    rest,
    others.map((each) => parts[each] ?? 0),
  );
  return Object.fromEntries(
    Object.entries(percents).map(([each, weight]) => {
      if (each === model) return [each, wanted];
      const place = others.indexOf(each);
      return [each, place < 0 ? weight : (shares[place] ?? 0)];
    }),
  );
}

/** A whole amount in whole parts by proportion. */
function spread(amount: number, proportions: readonly number[]): number[] {
  const total = proportions.reduce((sum, each) => sum + each, 0);
  let given = 0;
  let seen = 0;
  return proportions.map((each) => {
    seen += each;
    const upTo = total === 0 ? 0 : Math.round((amount * seen) / total);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}
