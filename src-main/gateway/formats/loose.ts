/** An object of somebody else's JSON: every key may be anything. */
export type Loose = Readonly<Record<string, unknown>>;

const NOTHING: Loose = {};

/** A value as an object; anything else is an empty one. */
export function loose(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : NOTHING;
}

/** A value as a list; anything else is an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A value as text; undefined for anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A value as a number that is not negative; undefined for anything else. */
export function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** A count of tokens; undefined for what cannot be one. */
export function tokens(value: unknown): number | undefined {
  const found = amount(value);
  return found === undefined || found > 1e12 ? undefined : Math.round(found);
}

/** JSON as a value; undefined when it is none. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** An object without the keys that are undefined. */
export function present<T extends Loose>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
