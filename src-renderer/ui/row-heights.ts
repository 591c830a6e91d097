import { useViewState } from '../data/view-state.ts';

/** Heights of rows in pixels; *Comfortable* adds 6. Group headers stay at 30. */
export function useRowHeights(): { one: number; group: number; two: number; header: number } {
  const extra = useViewState((state) => (state.density === 'comfortable' ? 6 : 0));
  return { one: 32 + extra, group: 40 + extra, two: 50 + extra, header: 30 };
}
