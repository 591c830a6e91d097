import { type RefObject, useEffect, useRef, useState } from 'react';

/** Moves the focus to an item of a row by its place, also when the item comes only with the next render. */
export function useFocusAt(): {
  container: RefObject<HTMLFieldSetElement | null>;
  focusAt(index: number): void;
} {
  const container = useRef<HTMLFieldSetElement>(null);
  const [wanted, setWanted] = useState<{ index: number }>();
  useEffect(() => {
    if (wanted === undefined) return;
    const item = container.current?.querySelector<HTMLElement>(`[data-place="${wanted.index}"]`);
    item?.focus();
  }, [wanted]);
  return { container, focusAt: (index) => setWanted({ index }) };
}
