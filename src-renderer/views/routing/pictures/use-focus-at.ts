import { useEffect, useRef, useState } from 'react';

/** Moves the focus to an item of a row by its place, also when the item comes only with the next render. */
export function useFocusAt(): {
  container: React.RefObject<HTMLDivElement | null>;
  focusAt(index: number): void;
} {
  const container = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<{ index: number }>();
  useEffect(() => {
    if (wanted === undefined) return;
    const item = container.current?.querySelector<HTMLElement>(`[data-place="${wanted.index}"]`);
    item?.focus();
  }, [wanted]);
  return { container, focusAt: (index) => setWanted({ index }) };
}
