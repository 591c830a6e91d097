const HUES = ['hue-1', 'hue-2', 'hue-3', 'hue-4', 'hue-5', 'hue-6'] as const;
const given = new Map<string, number>();

/** The colour of a model as a CSS value. A model keeps the hue it got first, so that it looks the same everywhere. */
export function hueOf(model: string): string {
  const place = given.get(model) ?? given.size;
  given.set(model, place);
  return `var(--color-${HUES[place % HUES.length] ?? HUES[0]})`;
}
