import { useCallback, useState } from 'react';

export interface Paused<T> {
  /** When it was paused, RFC 3339. */
  at: string;
  items: readonly T[];
}

/** A list that a person can hold still; it goes on below and is whole again when it is let go. */
export function usePause<T>(items: readonly T[]): {
  shown: readonly T[];
  paused: Paused<T> | undefined;
  toggle(): void;
} {
  const [paused, setPaused] = useState<Paused<T> | undefined>(undefined);
  const toggle = useCallback(
    () => setPaused((before) => (before === undefined ? { at: new Date().toISOString(), items } : undefined)),
    [items],
  );
  return { shown: paused?.items ?? items, paused, toggle };
}
