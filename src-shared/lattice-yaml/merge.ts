/**
 * Lays `over` on `base`: maps are merged key by key at any depth, everything else is replaced.
 * An empty section (null) in `over` leaves what is below it.
 */
export function mergeLayers(base: unknown, over: unknown): unknown {
  if (over === null || over === undefined) return base ?? null;
  if (!isMap(base) || !isMap(over)) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = mergeLayers(base[key], value);
  return merged;
}

/** Whether a value read from YAML is a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
