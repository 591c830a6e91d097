import { useEffect, useState } from 'react';

/** A value once it has not changed for `ms`, so that passing over rows asks for none of them. The first one at once. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  const isFirst = settled === undefined && value !== undefined;
  if (isFirst) setSettled(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return isFirst ? value : settled;
}
