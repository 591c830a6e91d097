/** An object without the keys whose value is undefined. */
export type Present<T extends object> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves out what is undefined, so that absent stays absent. */
export function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
