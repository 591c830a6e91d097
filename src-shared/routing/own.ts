/** The value of a name in a record; names such as `constructor`, which every object has, count only when they were put there. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
